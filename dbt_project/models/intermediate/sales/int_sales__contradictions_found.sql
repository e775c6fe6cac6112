-- A table: the audit lists it and the scores of quality count it.
{{ config(materialized='table') }}

-- Lines that cannot be true as they stand; the rows count all the same, as either side may be
-- mended by a later delivery.
with checked as (
    select
        sales.store_id,
        sales.receipt_id,
        sales.line_no,
        sales.business_date,
        sales.load_id,
        sales.business_date < stores.opened_date
        or coalesce(sales.business_date > stores.closed_date, false) as is_store_closed,
        sales.business_date < products.sold_from_date
        or coalesce(sales.business_date > products.sold_to_date, false) as is_product_off_sale,
        sales.qty < 0 and sales.refund_of is null as is_refund_of_nothing,
        not refunds.is_linked as is_refund_unlinked,
        sales.promo_code is null
        and not sales.is_refund
        and sales.currency = context.chain_currency
        and products.list_price is not null
        and lists.list_price is null as is_off_list,
        refunds.exceeds_sale
    from {{ ref('int_sales__lines_kept') }} as sales
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_stores__details_stated') }} as stores on sales.store_id = stores.store_id
    left join {{ ref('int_products__series_mapped') }} as products
        on sales.product_code = products.product_code
    left join {{ ref('stg_reference__list_prices') }} as lists
        on sales.product_code = lists.product_code and sales.unit_price = lists.list_price
    left join {{ ref('int_sales__refunds_linked') }} as refunds
        on
            sales.store_id = refunds.store_id
            and sales.receipt_id = refunds.receipt_id
            and sales.line_no = refunds.line_no
),

told as (
    select
        store_id,
        receipt_id,
        line_no,
        business_date,
        load_id,
        case
            when is_store_closed then 'the store is not open on the date'
            when is_refund_of_nothing then 'a negative quantity names no sale'
            when is_refund_unlinked then 'the sale that it refunds is not known'
            when exceeds_sale then 'more is paid back than the sale was'
            when is_product_off_sale then 'the product is not on sale on the date'
            when is_off_list then 'the price is on no list and names no promotion'
        end as contradiction
    from checked
)

select
    store_id,
    receipt_id,
    line_no,
    business_date,
    load_id,
    contradiction
from told
where contradiction is not null
