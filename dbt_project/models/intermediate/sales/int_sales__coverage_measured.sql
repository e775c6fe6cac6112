-- A table of a row per year: several marts show it beside their figures.
{{ config(materialized='table') }}

with years as (
    select
        cast(extract(year from business_date) as integer) as calendar_year,
        sum(case when customer_id is not null then net_amount_chain else 0 end) as identified,
        sum(net_amount_chain) as total
    from {{ ref('int_sales__lines_kept') }}
    group by 1
)

select
    calendar_year,
    cast(identified as decimal(18, 2)) as identified_net_amount,
    cast(total as decimal(18, 2)) as total_net_amount,
    cast(identified as double) / nullif(cast(total as double), 0) as coverage_pct
from years
