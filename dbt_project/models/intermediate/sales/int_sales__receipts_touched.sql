-- A table: incremental models make the lines of these receipts anew. The time of a sale is at most
-- a day from its business date, on the clock of any zone.
{{ config(materialized='table') }}

with direct as (
    {% for fact_kind, column in [
        ('load', 'load_id'),
        ('store', 'store_id'),
        ('product', 'product_code'),
        ('channel', 'channel'),
        ('number', 'customer_id'),
    ] %}
    select
        sales.store_id,
        sales.receipt_id
    from {{ ref('stg_pos__sale_versions') }} as sales
    inner join {{ ref('int_build__changes_found') }} as changes
        on sales.{{ column }} = changes.fact_key and changes.fact_kind = '{{ fact_kind }}'
    union
    {% endfor %}
    -- Lines that waited for their date to close.
    select
        sales.store_id,
        sales.receipt_id
    from {{ ref('stg_pos__sale_versions') }} as sales
    inner join {{ ref('int_build__changes_found') }} as changes
        on
            coalesce(sales.delivered_business_date, cast(sales.sold_at as date))
            >= {{ add_days('changes.valid_from', -1) }}
    where changes.fact_kind = 'as_of' and changes.told = 'before'
    union
    select
        sales.store_id,
        sales.receipt_id
    from {{ ref('stg_pos__sale_versions') }} as sales
    inner join {{ ref('int_build__changes_found') }} as changes
        on
            sales.currency = changes.fact_key
            and changes.fact_kind = 'rate'
            and coalesce(sales.delivered_business_date, cast(sales.sold_at as date))
            >= {{ add_days('changes.valid_from', -1) }}
)

select
    store_id,
    receipt_id
from direct
union
-- A refund tells whether its sale is known.
select
    refunds.store_id,
    refunds.receipt_id
from {{ ref('stg_pos__sale_versions') }} as refunds
inner join direct
    on refunds.store_id = direct.store_id and refunds.refund_of = direct.receipt_id
