-- Every version of the list counts: what was sold at an older list price was sold at a list price.
select distinct
    product_code,
    list_price
from {{ source('reference', 'products') }}
where list_price is not null
