-- Every state counts and not the last one alone: who was found to be the same with the number of
-- last year is the same. Many versions differ in points only and are one state.
{{ config(materialized='table') }}

with states as (
    select
        versions.customer_id,
        versions.name,
        versions.phone,
        versions.email,
        versions.birth_date,
        coalesce(cities.corrected_value, versions.city) as city,
        versions.sex,
        versions.name_keys,
        versions.birth_keys,
        versions.address_keys,
        min(loads.delivery_date) as first_delivered_date,
        min(versions.created_at) as created_at,
        max(versions.version_no) as version_no
    from {{ ref('stg_reference__customer_versions') }} as versions
    inner join {{ ref('int_loads__files_settled') }} as loads
        on
            loads.feed = 'customers'
            and versions.load_id = loads.load_id
            and loads.status = 'loaded'
    left join {{ ref('int_quality__aliases_dated') }} as cities
        on cities.domain = 'city' and versions.city = cities.alias
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
)

select
    customer_id,
    name,
    phone,
    email,
    birth_date,
    city,
    sex,
    name_keys,
    birth_keys,
    address_keys,
    first_delivered_date,
    min(first_delivered_date) over (partition by customer_id) as member_delivered_date,
    min(created_at) over (partition by customer_id) as member_created_at,
    version_no = max(version_no) over (partition by customer_id) as is_standing
from states
