-- A table: loyalty reads it more than once. Rows of customers whom nothing touched are kept; what
-- depends on the day of judgement is not in it.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_sales__customers_touched', ['customer_id']) }}"
) }}

with days as (
    select *
    from {{ ref('int_sales__customer_days_summarised') }}
    {{ only_touched('int_sales__customers_touched', ['customer_id']) }}
),

sales as (
    select *
    from {{ ref('int_sales__lines_kept') }}
    {{ only_touched('int_sales__customers_touched', ['customer_id']) }}
),

bought as (
    select
        customer_id,
        cast(extract(year from business_date) as integer) as calendar_year,
        count(distinct extract(month from business_date)) as months_bought,
        count(*) as visit_days
    from days
    where receipts > 0
    group by customer_id, cast(extract(year from business_date) as integer)
),

series as (
    select
        sales.customer_id,
        cast(extract(year from sales.business_date) as integer) as calendar_year,
        products.series,
        sum(sales.net_amount_chain) as net_spend
    from sales
    inner join {{ ref('int_products__series_mapped') }} as products
        on sales.product_code = products.product_code
    where sales.customer_id is not null and products.series is not null
    group by
        sales.customer_id, cast(extract(year from sales.business_date) as integer), products.series
),

preferences as (
    select
        customer_id,
        calendar_year,
        cast(max(net_spend) as double) / nullif(cast(sum(net_spend) as double), 0)
            as preference_share
    from series
    where net_spend > 0
    group by customer_id, calendar_year
)

select
    bought.customer_id,
    bought.calendar_year,
    cast(bought.months_bought as integer) as months_bought,
    cast(bought.visit_days as integer) as visit_days,
    preferences.preference_share
from bought
left join preferences
    on
        bought.customer_id = preferences.customer_id
        and bought.calendar_year = preferences.calendar_year
