with ranked as (
    select
        *,
        {{ version_rank(['fact_id']) }} as version_rank
    from {{ source('reference', 'ref_competitors') }}
)

select
    fact_id,
    competitor,
    topic,
    region,
    product_series,
    fact,
    value as fact_value,
    unit,
    start_date,
    end_date,
    observed_date,
    source_name,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
