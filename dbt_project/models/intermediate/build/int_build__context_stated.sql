-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

select
    as_of,
    known_at,
    chain_timezone,
    chain_currency,
    code_version
from {{ ref('stg_lake__build') }}
