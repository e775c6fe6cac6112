-- The last four spans of three months up to as_of, with a purchase.
select distinct
    customer_id,
    cast(floor(months_ago / 3.0) as integer) as quarters_ago
from {{ ref('int_lifecycle__months_summarised') }}
where receipts > 0 and months_ago between 0 and 11
