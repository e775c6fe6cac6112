{{ config(meta={'requirements': ['TIER-15']}) }}

select
    year,
    group_kind,
    sum(spend_share) as spend_share,
    sum(customer_share) as customer_share
from {{ ref('rpt_concentration') }}
group by year, group_kind
having
    abs(sum(customer_share) - 1) > 1e-9
    or (sum(spend) <> 0 and abs(sum(spend_share) - 1) > 1e-9)
