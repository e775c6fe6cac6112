-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

select
    store_id,
    store_name,
    timezone,
    country,
    province,
    city,
    region,
    latitude,
    longitude,
    opened_date,
    closed_date,
    offers_takeaway,
    has_self_service,
    equipment
from {{ ref('stg_reference__stores') }}
