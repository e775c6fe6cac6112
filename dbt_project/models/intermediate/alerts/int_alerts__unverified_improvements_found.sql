with improvements as (
    select distinct
        improvement_id,
        do_date,
        verified_date
    from {{ ref('int_feedback__improvements_linked') }}
    where is_improvement_known and is_item_known and do_date is not null
),

dated as (
    select
        improvements.*,
        patience.value_number as verify_days,
        {{ add_days('improvements.do_date', 'cast(patience.value_number as integer)') }}
            as verify_due_date
    from improvements
    inner join {{ ref('int_parameters__periods_dated') }} as patience
        on
            patience.code = 'feedback_verify_days'
            and improvements.do_date >= patience.valid_from
            and improvements.do_date < patience.valid_before
)

select
    'FEEDBACK_UNVERIFIED' as alert_code,
    'improvement' as entity_type,
    dated.improvement_id as entity_id,
    {{ add_days('dated.verify_due_date', 1) }} as started_date,
    dated.verified_date as ended_date,
    cast(
        {{ days_between('dated.do_date', 'coalesce(dated.verified_date, context.as_of)') }}
        as double
    ) as measure,
    cast(dated.verify_days as double) as threshold,
    'the effect was looked at' as healed_by
from dated
cross join {{ ref('int_build__context_stated') }} as context
where
    dated.verify_due_date < context.as_of
    and coalesce(dated.verified_date, context.as_of) > dated.verify_due_date
