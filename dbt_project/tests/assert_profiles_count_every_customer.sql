{{ config(meta={'requirements': ['C360-11']}) }}

-- The groups of each dimension hold every customer of the 360 once.
with everyone as (
    select count(*) as customers from {{ ref('mart_customer_360') }}
),

profiles as (
    select
        dimension,
        sum(customers) as customers
    from {{ ref('rpt_customer_profile') }}
    group by dimension
)

select
    profiles.dimension,
    profiles.customers,
    everyone.customers as all_customers
from profiles
cross join everyone
where profiles.customers <> everyone.customers
