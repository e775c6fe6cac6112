-- A table: nearly all rows come once, and only those that came again are put in order.
{{ config(materialized='table') }}

select
    feed,
    row_key
from {{ ref('stg_lake__rows') }}
group by feed, row_key
having count(*) > 1
