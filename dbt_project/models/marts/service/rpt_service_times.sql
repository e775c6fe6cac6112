-- Nearest rank: the wait at or above which half of the orders lie. Satisfaction is what buyers of
-- the store say overall in the year; small cells are hidden.
with ranked as (
    select
        store_id,
        calendar_year,
        order_hour,
        wait_minutes,
        row_number() over (
            partition by store_id, calendar_year, order_hour
            order by wait_minutes asc, receipt_id asc
        ) as place,
        count(*) over (partition by store_id, calendar_year, order_hour) as orders
    from {{ ref('int_service__waits_measured') }}
),

medians as (
    select
        store_id,
        calendar_year,
        order_hour,
        max(orders) as orders,
        min(case when place >= 0.5 * orders then wait_minutes end) as wait_minutes_p50
    from ranked
    group by store_id, calendar_year, order_hour
),

shown as (
    select
        period as year_text,
        breakdown_value as store_id,
        csat_mean_100
    from {{ ref('mart_satisfaction') }}
    where period_type = 'year' and breakdown = 'store' and dimension = 'overall'
)

select
    stores.store_id,
    medians.calendar_year as year,
    medians.order_hour,
    stores.has_self_service,
    coalesce(not stores.has_self_service, false) as lacks_self_service,
    cast(medians.orders as integer) as orders,
    medians.wait_minutes_p50,
    shown.csat_mean_100 as csat_100,
    case when medians.store_id is null then 'no data' else 'measured' end as status,
    context.as_of
from {{ ref('dim_store') }} as stores
cross join {{ ref('int_build__context_stated') }} as context
left join medians on stores.store_id = medians.store_id
left join shown
    on
        medians.store_id = shown.store_id
        and cast(medians.calendar_year as string) = shown.year_text
