{{ config(meta={'requirements': ['C360-01']}) }}

with spend as (
    select
        (select coalesce(sum(net_spend), 0) from {{ ref('mart_customer_360') }}) as in_360,
        (select coalesce(sum(net_spend), 0) from {{ ref('mart_customer_year') }}) as in_years,
        (
            select coalesce(sum(net_amount_chain), 0)
            from {{ ref('fct_sales') }}
            where customer_id is not null
        ) as identified
)

select
    in_360,
    in_years,
    identified
from spend
where in_360 <> identified or in_years <> identified
