-- A business date counts once it is closed: lines of a later one wait for the build that closes it.
-- Who is found to be one customer with another number has bought under one from the first day.
-- A table: facts, customer days, coverage and years all read it.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_sales__receipts_touched', ['store_id', 'receipt_id']) }}"
) }}

with sales as (
    select *
    from {{ ref('int_sales__amounts_converted') }}
    {{ only_touched('int_sales__receipts_touched', ['store_id', 'receipt_id']) }}
)

select
    sales.store_id,
    sales.receipt_id,
    sales.line_no,
    sales.business_date,
    sales.sold_at_local,
    coalesce(merged.customer_id, sales.customer_id) as customer_id,
    sales.product_code,
    sales.qty,
    sales.unit_price,
    sales.discount,
    sales.net_amount,
    sales.currency,
    sales.net_amount_chain,
    sales.discount_chain,
    sales.qty < 0 or sales.refund_of is not null as is_refund,
    coalesce(channels.channel, 'UNKNOWN') as channel,
    sales.channel as delivered_channel,
    case
        when sales.channel is not null then coalesce(channels.channel_class, 'other')
    end as channel_class,
    sales.promo_code,
    sales.staff_id,
    sales.refund_of,
    sales.load_id,
    sales.file_row
from sales
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_channels__names_mapped') }} as channels on sales.channel = channels.channel
left join {{ ref('int_customers__numbers_merged') }} as merged
    on sales.customer_id = merged.member_id
where
    not sales.is_void
    and not coalesce(sales.business_date > context.as_of, false)
