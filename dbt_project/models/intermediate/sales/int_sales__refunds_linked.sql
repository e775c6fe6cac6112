-- A sale is looked for in the store of its refund: receipt numbers are those of a till. A return
-- that comes before its sale is linked by the build that knows both.
with receipts as (
    select
        store_id,
        receipt_id,
        min(business_date) as sale_date,
        sum(case when not is_refund then net_amount else 0 end) as sold_amount
    from {{ ref('int_sales__lines_kept') }}
    where
        (store_id, receipt_id) in (
            select
                refunded.store_id,
                refunded.refund_of
            from {{ ref('int_sales__lines_kept') }} as refunded
        )
    group by store_id, receipt_id
),

refunds as (
    select
        store_id,
        receipt_id,
        line_no,
        business_date,
        refund_of,
        sum(net_amount) over (partition by store_id, refund_of, currency) as refunded_amount
    from {{ ref('int_sales__lines_kept') }}
    where refund_of is not null
)

select
    refunds.store_id,
    refunds.receipt_id,
    refunds.line_no,
    refunds.business_date,
    refunds.refund_of,
    receipts.receipt_id is not null as is_linked,
    receipts.sale_date,
    case
        when receipts.receipt_id is not null
            then refunds.refunded_amount + receipts.sold_amount < 0
    end as exceeds_sale
from refunds
left join receipts
    on refunds.store_id = receipts.store_id and refunds.refund_of = receipts.receipt_id
