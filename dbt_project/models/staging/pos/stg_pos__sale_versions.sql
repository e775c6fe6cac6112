select
    store_id,
    receipt_id,
    line_no,
    sold_at,
    sold_at_is_utc,
    business_date as delivered_business_date,
    customer_id,
    product_code,
    qty,
    unit_price,
    cast(coalesce(discount, 0) as decimal(18, 2)) as discount,
    net_amount,
    coalesce(
        upper(currency),
        (select max(build.chain_currency) from {{ source('lake', 'build') }} as build)
    ) as currency,
    {{ clean_code('channel') }} as channel,
    promo_code,
    staff_id,
    refund_of,
    coalesce(void, false) as is_void,
    updated_at,
    load_id,
    file_row,
    exported_at,
    row_hash
from {{ source('pos', 'pos_sales') }}
