with planned as (
    select distinct records.crisis_type
    from {{ ref('int_crisis__records_localised') }} as records
    cross join {{ ref('int_build__context_stated') }} as context
    where
        records.record_kind = 'plan'
        and coalesce(records.valid_from_date, context.as_of) <= context.as_of
),

gaps as (
    select distinct
        records.crisis_type,
        'no plan' as gap,
        cast(null as string) as staff_id
    from {{ ref('int_crisis__records_localised') }} as records
    left join planned on records.crisis_type = planned.crisis_type
    where planned.crisis_type is null
    union all
    select
        crisis_type,
        'not trained' as gap,
        staff_id
    from {{ ref('int_crisis__members_trained') }}
    where not is_trained
)

select
    gaps.crisis_type,
    gaps.gap,
    gaps.staff_id,
    context.as_of
from gaps
cross join {{ ref('int_build__context_stated') }} as context
