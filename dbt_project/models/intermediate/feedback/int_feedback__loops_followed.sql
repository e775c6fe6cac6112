-- Four steps, each at the first day that counts for it; an item counts as far as it has come.
with improved as (
    select
        feedback_id,
        min(plan_date) as planned_date,
        min(do_date) as improved_date,
        case when count(*) = count(verified_date) then max(verified_date) end as verified_date
    from {{ ref('int_feedback__improvements_linked') }}
    where is_improvement_known
    group by feedback_id
),

followed as (
    select
        'complaint/' || complaint_id as feedback_id,
        verified_date
    from {{ ref('int_complaints__verifications_found') }}
    where is_verified
),

dated as (
    select
        items.feedback_id,
        items.source_kind,
        items.door,
        items.store_id,
        items.captured_date,
        items.status,
        items.captured_date as collected_date,
        least(items.answered_date, improved.planned_date) as assessed_date,
        least(items.closed_date, improved.improved_date) as improved_date,
        coalesce(improved.verified_date, followed.verified_date) as verified_date,
        items.closed_date,
        items.source_kind = 'complaint' or items.status is not null as has_loop,
        context.as_of
    from {{ ref('int_feedback__items_gathered') }} as items
    cross join {{ ref('int_build__context_stated') }} as context
    left join improved on items.feedback_id = improved.feedback_id
    left join followed on items.feedback_id = followed.feedback_id
    where items.captured_date <= context.as_of
)

select
    feedback_id,
    source_kind,
    door,
    store_id,
    captured_date,
    collected_date,
    assessed_date,
    improved_date,
    verified_date,
    closed_date,
    has_loop,
    case
        when verified_date is not null then 4
        when improved_date is not null then 3
        when assessed_date is not null then 2
        else 1
    end as step_no,
    as_of
from dated
