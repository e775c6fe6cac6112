select
    signals.store_id,
    signals.signal_date,
    signals.complaints,
    signals.severe_of_one_type,
    signals.urgent_texts,
    signals.negative_posts,
    signals.is_spike,
    signals.limits_reached,
    signals.crisis_level,
    signals.sign,
    context.as_of
from {{ ref('int_crisis__signals_counted') }} as signals
cross join {{ ref('int_build__context_stated') }} as context
where signals.signal_date <= context.as_of
