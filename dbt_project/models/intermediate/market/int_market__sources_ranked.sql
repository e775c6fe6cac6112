-- Sources of one cell are never averaged: the one marked as preferred goes first, then the newest.
select
    *,
    row_number() over (
        partition by period, period_kind, region, product_line, topic
        order by coalesce(is_preferred, false) desc, published_date desc, source_name asc
    ) as source_place
from {{ ref('stg_reference__market') }}
