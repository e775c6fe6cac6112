{{ config(meta={'requirements': ['C360-15']}) }}

-- Month by month the packs of the stores come to the company's sales and receipts; every open store
-- has one pack.
with packs as (
    select
        month_start,
        sum(net_sales) as net_sales,
        sum(receipts) as receipts,
        max(stores) as stores,
        count(*) as packs
    from {{ ref('rpt_unit_pack') }}
    group by month_start
),

company as (
    select
        {{ month_of('business_date') }} as month_start,
        coalesce(sum(net_amount_chain), 0) as net_sales,
        count(distinct case when not is_refund then store_id || ' ' || receipt_id end) as receipts
    from {{ ref('fct_sales') }}
    group by {{ month_of('business_date') }}
)

select
    company.month_start,
    company.net_sales,
    packs.net_sales as net_sales_in_packs,
    company.receipts,
    packs.receipts as receipts_in_packs
from company
left join packs on company.month_start = packs.month_start
where
    packs.month_start is null
    or company.net_sales <> packs.net_sales
    or company.receipts <> packs.receipts
    or packs.stores <> packs.packs
