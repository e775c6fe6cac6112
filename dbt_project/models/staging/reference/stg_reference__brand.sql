with ranked as (
    select
        *,
        {{ version_rank(
            ['period', 'period_kind', 'region', 'measure', 'source_name']
        ) }} as version_rank
    from {{ source('reference', 'ref_brand') }}
)

select
    period,
    period_kind,
    region,
    measure,
    source_name,
    value as measured_value,
    unit,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
