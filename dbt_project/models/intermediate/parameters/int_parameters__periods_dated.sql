-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

select
    code,
    unit,
    value as value_text,
    {{ try_cast('value', 'decimal(18, 4)') }} as value_number,
    {{ try_cast('value', 'boolean') }} as value_flag,
    valid_from,
    lead(valid_from, 1, cast('9999-12-31' as date)) over (
        partition by code, unit
        order by valid_from asc
    ) as valid_before
from {{ ref('ref_parameters') }}
