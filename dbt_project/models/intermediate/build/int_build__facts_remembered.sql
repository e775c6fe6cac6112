-- A table: made anew, for whoever builds from scratch remembers nothing.
{{ config(materialized='table') }}

select
    fact_kind,
    fact_key,
    valid_from,
    stated
from {{ ref('stg_lake__built') }}
{% if should_full_refresh() %}
where 1 = 0
{% endif %}
