-- A table: incremental models make what they hold of these customers anew.
{{ config(materialized='table') }}

select coalesce(merged.customer_id, sales.customer_id) as customer_id
from {{ ref('stg_pos__sale_versions') }} as sales
inner join {{ ref('int_sales__receipts_touched') }} as touched
    on sales.store_id = touched.store_id and sales.receipt_id = touched.receipt_id
left join {{ ref('int_customers__numbers_merged') }} as merged
    on sales.customer_id = merged.member_id
where sales.customer_id is not null
union
-- Who were found to be one, or found not to be, have lost or gained purchases under either number.
select fact_key as customer_id
from {{ ref('int_build__changes_found') }}
where fact_kind = 'number'
union
select stated as customer_id
from {{ ref('int_build__changes_found') }}
where fact_kind = 'number'
union
-- Another cost of a product alters what is left of its sales, and no line.
select coalesce(merged.customer_id, sales.customer_id) as customer_id
from {{ ref('stg_pos__sale_versions') }} as sales
inner join {{ ref('int_build__changes_found') }} as changes
    on sales.product_code = changes.fact_key and changes.fact_kind = 'cost'
left join {{ ref('int_customers__numbers_merged') }} as merged
    on sales.customer_id = merged.member_id
where sales.customer_id is not null
union
-- Another rule judges everybody.
select coalesce(merged.customer_id, sales.customer_id) as customer_id
from {{ ref('stg_pos__sale_versions') }} as sales
inner join {{ ref('int_build__changes_found') }} as changes
    on changes.fact_kind = 'rules'
left join {{ ref('int_customers__numbers_merged') }} as merged
    on sales.customer_id = merged.member_id
where sales.customer_id is not null
