{{ config(meta={'requirements': ['XSELL-04']}) }}

with counted as (
    select
        (select coalesce(sum(customers), 0) from {{ ref('rpt_partner_customers') }}) as by_partner,
        (select count(*) from {{ ref('int_customers__partners_named') }}) as customers
)

select
    by_partner,
    customers
from counted
where by_partner <> customers
