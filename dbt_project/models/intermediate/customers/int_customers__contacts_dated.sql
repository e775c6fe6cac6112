-- A number that more records give than a person has cards is that of a store or of nobody; from the
-- day on which it shows it links none of them.
{{ config(materialized='table') }}

with given as (
    {% for kind in ['phone', 'email'] %}
    select
        '{{ kind }}' as contact_kind,
        {{ kind }} as contact,
        customer_id,
        min(first_delivered_date) as first_delivered_date
    from {{ ref('int_customers__identities_delivered') }}
    where {{ kind }} is not null
    group by {{ kind }}, customer_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (
    select
        *,
        row_number() over (
            partition by contact_kind, contact
            order by first_delivered_date asc, customer_id asc
        ) as place,
        count(*) over (partition by contact_kind, contact) as records
    from given
)

select
    counted.contact_kind,
    counted.contact,
    counted.customer_id,
    counted.first_delivered_date,
    counted.records,
    min(
        case when counted.place > rules.contact_shared_max then counted.first_delivered_date end
    ) over (partition by counted.contact_kind, counted.contact) as shared_from
from counted
cross join {{ ref('int_customers__identity_rules_dated') }} as rules
