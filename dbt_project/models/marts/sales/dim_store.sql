with seen as (
    select store_id from {{ ref('fct_sales') }}
    union
    select store_id from {{ ref('fct_survey_response') }}
    where store_id is not null
    union
    select store_id from {{ ref('fct_complaint') }}
    where store_id is not null
    union
    select store_id from {{ ref('int_stores__details_stated') }}
)

select
    seen.store_id,
    stores.store_id is not null as is_known,
    stores.store_name,
    coalesce(stores.timezone, context.chain_timezone) as timezone,
    stores.country,
    stores.province,
    stores.city,
    stores.region,
    stores.latitude,
    stores.longitude,
    stores.opened_date,
    stores.closed_date,
    stores.offers_takeaway,
    stores.has_self_service,
    stores.equipment
from seen
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_stores__details_stated') }} as stores on seen.store_id = stores.store_id
