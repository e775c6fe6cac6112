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

series as (
    select *
    from {{ ref('int_sales__series_years_summarised') }}
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

preferences as (
    select
        customer_id,
        calendar_year,
        cast(max(net_spend) as double) / nullif(cast(sum(net_spend) as double), 0)
            as preference_share
    from series
    where customer_id is not null and product_series <> 'UNKNOWN' and net_spend > 0
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
