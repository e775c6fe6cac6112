{{ config(meta={'requirements': ['C360-01']}) }}

with customers as (
    select
        (select count(*) from {{ ref('mart_customer_360') }}) as in_360,
        (select count(*) from {{ ref('mart_lifecycle') }}) as in_lifecycle,
        (select count(*) from {{ ref('dim_customer') }}) as known
)

select
    in_360,
    in_lifecycle,
    known
from customers
where in_360 <> known or in_lifecycle <> known
