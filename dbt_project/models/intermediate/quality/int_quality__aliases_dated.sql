-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

-- Aliases that hold at as_of; the map of the series is the list of their aliases.
select
    aliases.domain,
    aliases.alias,
    aliases.value as corrected_value
from {{ ref('ref_value_aliases') }} as aliases
inner join {{ ref('int_build__context_stated') }} as context
    on aliases.valid_from <= context.as_of
union all
select
    'series' as domain,
    delivered_series as alias,
    series as corrected_value
from {{ ref('ref_series_map') }}
