{{ config(meta={'requirements': ['FEED-08']}) }}

select interaction_id
from {{ ref('fct_interaction') }}
where
    (service_kind is not null or purpose = 'service')
    and coalesce(service_phase not in ('pre', 'in', 'after'), true)
