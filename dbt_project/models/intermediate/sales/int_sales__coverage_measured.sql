-- A table of a row per year: several marts show it beside their figures.
{{ config(materialized='table') }}

with years as (
    select
        cast(extract(year from business_date) as integer) as calendar_year,
        sum(identified_sales) as identified,
        sum(net_sales) as total
    from {{ ref('int_sales__store_days_summarised') }}
    group by 1
)

select
    calendar_year,
    cast(identified as decimal(18, 2)) as identified_net_amount,
    cast(total as decimal(18, 2)) as total_net_amount,
    cast(identified as double) / nullif(cast(total as double), 0) as coverage_pct
from years
