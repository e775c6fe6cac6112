with ranked as (
    select
        *,
        {{ version_rank(['product_code'], updated_at=none) }} as version_rank
    from {{ source('reference', 'products') }}
)

select
    product_code,
    name as product_name,
    {{ clean_text('series') }} as delivered_series,
    line as delivered_line,
    category,
    {{ clean_code('role') }} as product_role,
    unit_cost,
    list_price,
    sold_from as sold_from_date,
    sold_to as sold_to_date,
    load_id,
    file_row
from ranked
where version_rank = 1
