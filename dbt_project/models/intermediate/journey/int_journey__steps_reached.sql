{% set steps = [
    (1, 'joined_date'), (2, 'first_date'), (3, 'second_date'), (4, 'regular_date'),
] %}

-- Nested by construction: whoever is at a later touchpoint was at every earlier one. A member joins
-- on the day of the card or of the first purchase, whichever is earlier.
with members as (
    select
        coalesce(merged.customer_id, records.customer_id) as customer_id,
        cast(min(records.created_at) as date) as created_date
    from {{ ref('stg_reference__customers') }} as records
    left join {{ ref('int_customers__numbers_merged') }} as merged
        on records.customer_id = merged.member_id
    group by coalesce(merged.customer_id, records.customer_id)
),

dated as (
    select
        known.customer_id,
        min(case when known.purchase_days = 1 then known.business_date end) as first_date,
        min(case when known.purchase_days = 2 then known.business_date end) as second_date,
        min(
            case
                when known.purchase_days = rules.journey_regular_min_purchases
                    then known.business_date
            end
        ) as regular_date
    from {{ ref('int_sales__customer_days_accumulated') }} as known
    cross join {{ ref('int_feedback__rules_dated') }} as rules
    where
        known.purchase_days <= greatest(rules.journey_regular_min_purchases, 2)
        and known.purchase_days > 0
    group by known.customer_id
),

customers as (
    select
        coalesce(members.customer_id, dated.customer_id) as customer_id,
        least(members.created_date, dated.first_date) as joined_date,
        dated.first_date,
        dated.second_date,
        dated.regular_date
    from members
    full outer join dated on members.customer_id = dated.customer_id
)

{% for step_no, column in steps %}
{% set next_column = steps[loop.index][1] if not loop.last else "cast(null as date)" %}
select
    customer_id,
    {{ step_no }} as touchpoint_no,
    {{ column }} as reached_date,
    {{ next_column }} as passed_date
from customers
where {{ column }} is not null
{% if not loop.last %}union all{% endif %}
{% endfor %}
