-- A year is judged when it is over. Years in a row off the stated quadrant are one alert, which the
-- first year back on it closes; a year without enough answers changes nothing.
with judged as (
    select
        placed.product_series,
        placed.calendar_year,
        cast(cast(placed.calendar_year as string) || '-12-31' as date) as judged_date,
        placed.quadrant <> placed.expected_quadrant as is_off,
        least(placed.attitude_n, placed.buyers) as n
    from {{ ref('int_loyalty__series_placed') }} as placed
    inner join {{ ref('int_build__context_stated') }} as context
        on cast(cast(placed.calendar_year as string) || '-12-31' as date) <= context.as_of
    where placed.quadrant <> 'insufficient' and placed.expected_quadrant is not null
),

told as (
    select
        *,
        lag(is_off, 1, false) over (partition by product_series order by calendar_year asc)
            as was_off,
        min(case when not is_off then judged_date end) over (
            partition by product_series
            order by calendar_year asc
            rows between 1 following and unbounded following
        ) as back_date
    from judged
)

select
    'MATRIX_SHIFT' as alert_code,
    'series' as entity_type,
    told.product_series as entity_id,
    told.judged_date as opened_date,
    told.back_date as closed_date,
    cast(told.n as double) as alert_value,
    cast(rules.loyalty_min_n as double) as threshold,
    case when told.back_date is not null then 'the series is back in the stated quadrant' end
        as feedback
from told
cross join {{ ref('int_loyalty__rules_dated') }} as rules
where told.is_off and not told.was_off
