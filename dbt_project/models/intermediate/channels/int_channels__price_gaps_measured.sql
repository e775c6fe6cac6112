-- A table: alerts and the log of conflicts read it. Price is what the till of the channel asks
-- before any discount, weighted by what was sold; a gap is told between two channels of a region.
{{ config(materialized='table') }}

with prices as (
    select
        sales.month_start,
        coalesce(stores.region, 'UNKNOWN') as region,
        sales.product_code,
        sales.currency,
        sales.channel,
        cast(sum(sales.asked_amount) as double)
        / nullif(cast(sum(sales.items) as double), 0) as price
    from {{ ref('int_sales__product_months_summarised') }} as sales
    left join {{ ref('int_stores__details_stated') }} as stores
        on sales.store_id = stores.store_id
    where not sales.is_refund and sales.items > 0
    group by
        sales.month_start,
        coalesce(stores.region, 'UNKNOWN'),
        sales.product_code,
        sales.currency,
        sales.channel
),

ranked as (
    select
        *,
        row_number() over (
            partition by month_start, region, product_code, currency
            order by round(price, 9) asc, channel asc
        ) as place,
        row_number() over (
            partition by month_start, region, product_code, currency
            order by round(price, 9) desc, channel asc
        ) as place_down
    from prices
),

gaps as (
    select
        month_start,
        region,
        product_code,
        currency,
        max(case when place = 1 then channel end) as low_channel,
        max(case when place = 1 then price end) as low_price,
        max(case when place_down = 1 then channel end) as high_channel,
        max(case when place_down = 1 then price end) as high_price
    from ranked
    group by month_start, region, product_code, currency
    having count(*) > 1
)

select
    gaps.month_start,
    months.month_end,
    gaps.region,
    gaps.product_code,
    gaps.currency,
    gaps.low_channel,
    gaps.low_price,
    gaps.high_channel,
    gaps.high_price,
    1 - gaps.low_price / nullif(gaps.high_price, 0) as price_gap,
    limits.value_number as gap_limit,
    coalesce(
        round(1 - gaps.low_price / nullif(gaps.high_price, 0), 9) > limits.value_number, false
    ) as is_conflict
from gaps
inner join {{ ref('int_build__months_listed') }} as months
    on gaps.month_start = months.month_start and months.is_closed
inner join {{ ref('int_parameters__periods_dated') }} as limits
    on
        limits.code = 'channel_price_gap_max'
        and months.month_end >= limits.valid_from
        and months.month_end < limits.valid_before
