{% set basics = [
    'name', 'phone', 'email', 'sex', 'birth_date', 'city', 'occupation', 'education',
    'income_band', 'household',
] %}

-- What is known of each customer, by group of fields; the contact data themselves stay behind. A
-- field is filled that one of the customer's records fills.
with members as (
    select
        {% for column in basics %}
        count(records.{{ column }}) as {{ column }},
        {% endfor %}
        coalesce(merged.customer_id, records.customer_id) as customer_id
    from {{ ref('stg_reference__customers') }} as records
    left join {{ ref('int_customers__numbers_merged') }} as merged
        on records.customer_id = merged.member_id
    group by coalesce(merged.customer_id, records.customer_id)
),

grounds as (
    select distinct customer_id
    from {{ ref('int_customers__consents_linked') }}
    where withdrawn_at is null
),

buyers as (
    select distinct customer_id
    from {{ ref('int_sales__customer_days_summarised') }}
),

answerers as (
    select distinct customer_id
    from {{ ref('int_surveys__identities_removed') }}
    where customer_id is not null
)

select
    members.customer_id,
    cast(
        {% for column in basics %}
        case when members.{{ column }} > 0 then 1 else 0 end{{ " +" if not loop.last }}
        {% endfor %} as integer
    ) as basic_fields_filled,
    {{ basics | length }} as basic_fields,
    grounds.customer_id is not null as has_basis,
    buyers.customer_id is not null as has_transaction,
    answerers.customer_id is not null as has_need
from members
left join grounds on members.customer_id = grounds.customer_id
left join buyers on members.customer_id = buyers.customer_id
left join answerers on members.customer_id = answerers.customer_id
