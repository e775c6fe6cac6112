-- A table: what sales touch is read from it several times. Where no build is remembered all is made
-- anew, and nothing has changed.
{{ config(materialized='table') }}

with stated as (
    select
        fact_kind,
        fact_key,
        valid_from,
        stated,
        'now' as told
    from {{ ref('int_build__facts_stated') }}
    union all
    select
        fact_kind,
        fact_key,
        valid_from,
        stated,
        'before' as told
    from {{ ref('int_build__facts_remembered') }}
),

compared as (
    select
        fact_kind,
        fact_key,
        valid_from,
        stated,
        max(told) as told,
        count(distinct told) as times_told
    from stated
    group by fact_kind, fact_key, valid_from, stated
)

select
    compared.fact_kind,
    compared.fact_key,
    compared.valid_from,
    compared.stated,
    compared.told
from compared
cross join (
    select count(*) > 0 as is_remembered
    from {{ ref('int_build__facts_remembered') }}
) as built
where compared.times_told = 1 and built.is_remembered
