-- A spike is over the next day unless that is one too.
select
    'COMPLAINT_SPIKE' as alert_code,
    'store' as entity_type,
    days.store_id as entity_id,
    days.received_date as started_date,
    case
        when days.received_date < context.as_of then {{ add_days('days.received_date', 1) }}
    end as ended_date,
    cast(days.complaints as double) as measure,
    days.spike_limit as threshold,
    'the next day was within its limit' as healed_by
from {{ ref('int_complaints__days_compared') }} as days
cross join {{ ref('int_build__context_stated') }} as context
where days.is_spike
