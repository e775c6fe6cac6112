select
    case signals.crisis_level when 'crisis' then 'CRISIS' else 'CRISIS_WATCH' end as alert_code,
    case when signals.store_id = 'own' then 'chain' else 'store' end as entity_type,
    signals.store_id as entity_id,
    signals.signal_date as started_date,
    case
        when
            {{ add_days('signals.signal_date', 'cast(quiet.value_number as integer)') }}
            <= context.as_of
            then {{ add_days('signals.signal_date', 'cast(quiet.value_number as integer)') }}
    end as ended_date,
    signals.sign_value as measure,
    signals.sign_limit as threshold,
    'no new sign came' as healed_by
from {{ ref('int_crisis__signals_counted') }} as signals
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_parameters__periods_dated') }} as quiet
    on
        quiet.code = 'crisis_quiet_days'
        and signals.signal_date >= quiet.valid_from
        and signals.signal_date < quiet.valid_before
where signals.crisis_level <> 'none'
