-- Suggestions taken up, and complaints that an improvement names as its source (200 at most).
with positions as (
    select cast(generated_number as integer) as place
    from ({{ numbers(200) }}) as counted
),

sources as (
    select
        improvements.improvement_id,
        trim({{ text_part('improvements.source_ids', ';', 'positions.place') }}) as source_id
    from {{ ref('stg_reference__improvements') }} as improvements
    cross join positions
    where improvements.source_kind = 'complaint'
),

ideas as (
    select
        customer_id,
        feedback_id as idea_id,
        'suggestion' as kind
    from {{ ref('int_customers__feedback_linked') }}
    where author = 'customer' and status in ('adopted', 'launched') and customer_id is not null
    union
    select
        complaints.customer_id,
        complaints.complaint_id as idea_id,
        'complaint' as kind
    from sources
    inner join {{ ref('int_complaints__received_localised') }} as complaints
        on sources.source_id = complaints.complaint_id
    where complaints.customer_id is not null
)

select
    customer_id,
    cast(count(case when kind = 'suggestion' then 1 end) as integer) as adopted_suggestions,
    cast(count(case when kind = 'complaint' then 1 end) as integer) as improving_complaints
from ideas
group by customer_id
