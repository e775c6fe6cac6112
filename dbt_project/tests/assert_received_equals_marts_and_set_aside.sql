{{ config(meta={'requirements': ['DQ-06']}) }}

select
    feed,
    store_id,
    business_date,
    rows_received,
    rows_difference,
    net_amount_received,
    net_amount_difference
from {{ ref('rpt_reconciliation') }}
where rows_difference is null or rows_difference <> 0 or net_amount_difference <> 0
