-- A delivered order and the outbound call of the same store-local day: about its receipt, or to its
-- customer where the call names no receipt. Orders before the first logged call have no data.
with orders as (
    select
        store_id,
        receipt_id,
        min(customer_id) as customer_id,
        min(business_date) as business_date,
        min(cast(sold_at_local as date)) as sold_date,
        cast(sum(qty) as decimal(18, 3)) as items
    from {{ ref('int_sales__lines_kept') }}
    where channel_class = 'delivery' and not is_refund
    group by store_id, receipt_id
),

calls as (
    select
        calls.store_id,
        calls.receipt_id,
        calls.customer_id,
        cast(
            case
                when calls.occurred_at_is_utc
                    then {{ utc_to_local(
                        'calls.occurred_at', 'coalesce(stores.timezone, context.chain_timezone)'
                    ) }}
                else calls.occurred_at
            end as date
        ) as call_date
    from {{ ref('int_customers__interactions_linked') }} as calls
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_stores__details_stated') }} as stores on calls.store_id = stores.store_id
    where calls.channel = 'phone' and calls.direction = 'outbound'
),

begun as (
    select min(call_date) as first_date
    from calls
    where receipt_id is not null
),

by_receipt as (
    select distinct
        store_id,
        receipt_id,
        call_date
    from calls
    where receipt_id is not null
),

by_customer as (
    select distinct
        customer_id,
        call_date
    from calls
    where receipt_id is null and customer_id is not null
)

select
    orders.store_id,
    orders.receipt_id,
    orders.business_date,
    orders.items,
    case
        when begun.first_date is null or orders.sold_date < begun.first_date then null
        else by_receipt.receipt_id is not null or by_customer.customer_id is not null
    end as is_called
from orders
cross join begun
left join by_receipt
    on
        orders.store_id = by_receipt.store_id
        and orders.receipt_id = by_receipt.receipt_id
        and orders.sold_date = by_receipt.call_date
left join by_customer
    on
        orders.customer_id = by_customer.customer_id
        and orders.sold_date = by_customer.call_date
