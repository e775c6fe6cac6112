select
    'COMPLAINT_SURGE' as alert_code,
    'store_type' as entity_type,
    sums.store_id || '/' || sums.complaint_type as entity_id,
    sums.received_date as started_date,
    case
        when
            {{ add_days('sums.received_date', 'cast(quiet.value_number as integer)') }}
            <= context.as_of
            then {{ add_days('sums.received_date', 'cast(quiet.value_number as integer)') }}
    end as ended_date,
    sums.cusum as measure,
    sums.decision_limit as threshold,
    'the chart gave no new signal' as healed_by
from {{ ref('int_complaints__sums_accumulated') }} as sums
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_parameters__periods_dated') }} as quiet
    on
        quiet.code = 'complaint_surge_quiet_days'
        and sums.received_date >= quiet.valid_from
        and sums.received_date < quiet.valid_before
where sums.is_signal
