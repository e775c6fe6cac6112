-- A table: incremental models make what they hold of these dates anew. A sale is at most a day from
-- its business date, on the clock of any zone: that of before and that of now are both among them.
{{ config(materialized='table') }}

select distinct
    {{ add_days(
        'coalesce(sales.delivered_business_date, cast(sales.sold_at as date))',
        'cast(days.generated_number - 2 as integer)'
    ) }} as event_date
from {{ ref('stg_pos__sale_versions') }} as sales
inner join {{ ref('int_sales__receipts_touched') }} as touched
    on sales.store_id = touched.store_id and sales.receipt_id = touched.receipt_id
cross join ({{ numbers(3) }}) as days
