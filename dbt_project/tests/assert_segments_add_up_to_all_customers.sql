{{ config(meta={'requirements': ['SEG-01', 'SEG-12']}) }}

-- By every method each customer has one segment, and the segments' customers and spend are those of
-- all customers.
with placed as (
    select
        method,
        count(*) as customers
    from {{ ref('mart_segment') }}
    group by method
),

results as (
    select
        method,
        sum(customers) as customers,
        sum(net_spend_365d) as net_spend
    from {{ ref('rpt_segment_results') }}
    group by method
),

everyone as (
    select count(*) as customers from {{ ref('dim_customer') }}
),

sold as (
    select coalesce(sum(sales.net_amount_chain), 0) as net_spend
    from {{ ref('fct_sales') }} as sales
    inner join {{ ref('int_segments__rules_dated') }} as rules
        on {{ days_between('sales.business_date', 'rules.as_of') }} < rules.window_days
    where sales.customer_id is not null
)

select
    placed.method,
    placed.customers as placed_customers,
    results.customers as counted_customers,
    everyone.customers as all_customers,
    results.net_spend as segment_spend,
    sold.net_spend as all_spend
from placed
cross join everyone
cross join sold
left join results on placed.method = results.method
where
    placed.customers <> everyone.customers
    or coalesce(results.customers, 0) <> everyone.customers
    or coalesce(results.net_spend, 0) <> sold.net_spend
