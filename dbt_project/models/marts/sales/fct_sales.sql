{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ leave_out('int_sales__receipts_touched', ['store_id', 'receipt_id']) }}"
) }}

with sales as (
    select *
    from {{ ref('int_sales__lines_kept') }}
    {{ only_touched('int_sales__receipts_touched', ['store_id', 'receipt_id']) }}
)

select
    sales.store_id,
    sales.receipt_id,
    cast(sales.line_no as integer) as line_no,
    sales.business_date,
    sales.sold_at_local,
    sales.customer_id,
    sales.product_code,
    sales.qty,
    sales.unit_price,
    sales.discount,
    sales.net_amount,
    sales.currency,
    sales.net_amount_chain,
    sales.is_refund,
    sales.channel,
    sales.delivered_channel,
    sales.channel_class,
    sales.promo_code,
    sales.staff_id,
    sales.refund_of,
    refunds.is_linked,
    sales.load_id
from sales
left join {{ ref('int_sales__refunds_linked') }} as refunds
    on
        sales.store_id = refunds.store_id
        and sales.receipt_id = refunds.receipt_id
        and sales.line_no = refunds.line_no
