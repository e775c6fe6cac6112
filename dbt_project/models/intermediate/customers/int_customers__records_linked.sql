-- Names and days of birth are those that stand: a correction parts whom a typing error had joined.
with named as (
    select customer_id_a as customer_id from {{ ref('int_customers__links_found') }}
    union
    select customer_id_b as customer_id from {{ ref('int_customers__links_found') }}
)

select
    delivered.customer_id,
    delivered.member_delivered_date,
    delivered.member_created_at,
    delivered.name,
    delivered.birth_date,
    delivered.name_keys,
    delivered.birth_keys
from {{ ref('int_customers__identities_delivered') }} as delivered
inner join named on delivered.customer_id = named.customer_id
where delivered.is_standing
