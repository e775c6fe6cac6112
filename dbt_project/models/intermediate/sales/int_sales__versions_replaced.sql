-- A table: nearly all lines come once, and only those that came again are put in order.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_sales__receipts_touched', ['store_id', 'receipt_id']) }}"
) }}

with repeated as (
    select
        store_id,
        receipt_id,
        line_no
    from {{ ref('stg_pos__sale_versions') }}
    {{ only_touched('int_sales__receipts_touched', ['store_id', 'receipt_id']) }}
    group by store_id, receipt_id, line_no
    having count(*) > 1
),

ranked as (
    select
        sales.store_id,
        sales.receipt_id,
        sales.load_id,
        sales.file_row,
        {{ version_rank(['sales.store_id', 'sales.receipt_id', 'sales.line_no']) }} as version_rank
    from {{ ref('stg_pos__sale_versions') }} as sales
    inner join repeated
        on
            sales.store_id = repeated.store_id
            and sales.receipt_id = repeated.receipt_id
            and sales.line_no = repeated.line_no
)

select
    store_id,
    receipt_id,
    load_id,
    file_row
from ranked
where version_rank > 1
