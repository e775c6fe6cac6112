-- Of the complaints received in a year and closed since, those that led to an improvement.
with linked as (
    select
        feedback_id,
        max(case when is_improvement_known then 1 else 0 end) as is_linked
    from {{ ref('int_feedback__improvements_linked') }}
    group by feedback_id
)

select
    cast(extract(year from complaints.received_date) as integer) as year,
    cast(count(case when not complaints.is_open then 1 end) as integer) as closed_complaints,
    cast(
        count(case when not complaints.is_open and linked.is_linked = 1 then 1 end) as integer
    ) as linked_complaints,
    cast(count(case when not complaints.is_open and linked.is_linked = 1 then 1 end) as double)
    / nullif(count(case when not complaints.is_open then 1 end), 0) as linked_share,
    context.as_of
from {{ ref('fct_complaint') }} as complaints
cross join {{ ref('int_build__context_stated') }} as context
left join linked on linked.feedback_id = 'complaint/' || complaints.complaint_id
group by cast(extract(year from complaints.received_date) as integer), context.as_of
