-- The class of a customer on a day is that of the last finished year: a year's class is only known
-- when the year is over.
with labelled as (
    select
        labels.feedback_id,
        labels.content_tag
    from {{ ref('int_feedback__labels_found') }} as labels
    cross join {{ ref('int_build__context_stated') }} as context
    where labels.labelled_from <= context.as_of and context.as_of < labels.labelled_before
),

complaints as (
    select
        complaints.complaint_id,
        {{ month_of('complaints.received_date') }} as month_start,
        coalesce(complaints.store_id, 'unknown') as store_id,
        complaints.complaint_type,
        complaints.class3,
        coalesce(complaints.cause, 'not analysed') as cause,
        coalesce(labelled.content_tag, 'no text') as content_tag,
        case
            when complaints.customer_id is null then 'unknown'
            else coalesce(tiers.tier, 'NONE')
        end as tier,
        complaints.is_open
    from {{ ref('fct_complaint') }} as complaints
    left join labelled on labelled.feedback_id = 'complaint/' || complaints.complaint_id
    left join {{ ref('mart_customer_tier') }} as tiers
        on
            complaints.customer_id = tiers.customer_id
            and tiers.year = extract(year from complaints.received_date) - 1
)

select
    complaints.month_start,
    complaints.store_id,
    complaints.complaint_type,
    complaints.class3,
    complaints.cause,
    complaints.content_tag,
    complaints.tier,
    cast(count(*) as integer) as complaints,
    cast(count(case when complaints.is_open then 1 end) as integer) as open_complaints,
    context.as_of
from complaints
cross join {{ ref('int_build__context_stated') }} as context
group by
    complaints.month_start,
    complaints.store_id,
    complaints.complaint_type,
    complaints.class3,
    complaints.cause,
    complaints.content_tag,
    complaints.tier,
    context.as_of
