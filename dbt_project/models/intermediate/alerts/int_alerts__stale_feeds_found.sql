with gaps as (
    select
        spaced.feed,
        {{ add_days('spaced.delivery_date', 'spaced.max_days + 1') }} as opened_date,
        spaced.next_delivery_date as closed_date,
        {{ days_between(
            'spaced.delivery_date', 'coalesce(spaced.next_delivery_date, context.as_of)'
        ) }} as days_without,
        spaced.max_days,
        context.as_of
    from {{ ref('int_loads__deliveries_spaced') }} as spaced
    cross join {{ ref('int_build__context_stated') }} as context
)

select
    'DQ_STALE' as alert_code,
    'feed' as entity_type,
    feed as entity_id,
    opened_date,
    closed_date,
    cast(days_without as double) as alert_value,
    cast(max_days as double) as threshold,
    case when closed_date is not null then 'the feed was delivered again' end as feedback
from gaps
where opened_date <= as_of and opened_date < coalesce(closed_date, cast('9999-12-31' as date))
