{{ config(meta={'requirements': ['ECON-10', 'ECON-11']}) }}

select *
from {{ ref('rpt_customer_share') }}
where
    customer_share < 0
    or customer_share > 1
    or mind_share < 0
    or mind_share > 1
    or (customer_share is null) <> (reason is not null)
