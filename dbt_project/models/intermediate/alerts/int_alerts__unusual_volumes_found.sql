-- Unusual days in a row are one alert; the first usual day of the store closes it.
with judged as (
    select
        *,
        ratio < low_ratio or ratio > high_ratio as is_unusual
    from {{ ref('int_loads__volumes_compared') }}
    where ratio is not null
),

told as (
    select
        *,
        lag(is_unusual, 1, false) over (partition by store_id order by business_date asc)
            as was_unusual,
        min(case when not is_unusual then business_date end) over (
            partition by store_id
            order by business_date asc
            rows between 1 following and unbounded following
        ) as next_usual_date
    from judged
)

select
    'DQ_VOLUME' as alert_code,
    'store' as entity_type,
    store_id as entity_id,
    business_date as opened_date,
    next_usual_date as closed_date,
    ratio as alert_value,
    case when ratio < low_ratio then low_ratio else high_ratio end as threshold,
    case when next_usual_date is not null then 'a day with the usual rows followed' end as feedback
from told
where is_unusual and not was_unusual
