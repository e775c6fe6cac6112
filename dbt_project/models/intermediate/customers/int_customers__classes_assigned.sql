-- One class per axis, UNKNOWN where nothing tells. Only who buys for a company has an industry,
-- which no feed delivers yet.
with store_regions as (
    select
        city,
        min(region) as region
    from {{ ref('int_stores__details_stated') }}
    where city is not null and region is not null
    group by city
)

select
    members.customer_id,
    coalesce(classes.attribute_class, 'UNKNOWN') as attribute_class,
    case when classes.attribute_class = 'corporate' then 'UNKNOWN' else 'PRIVATE' end as industry,
    coalesce(stores.region, cities.region, 'UNKNOWN') as region
from {{ ref('int_customers__contacts_removed') }} as members
left join {{ ref('ref_customer_classes') }} as classes on members.occupation = classes.occupation
left join store_regions as stores on members.city = stores.city
left join {{ ref('ref_city_regions') }} as cities on members.city = cities.city
