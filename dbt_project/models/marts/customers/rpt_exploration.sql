{% set fields = [
    'sex', 'birth_year', 'city', 'occupation', 'education', 'income_band', 'household',
    'source_channel',
] %}

-- A customer belongs to the month of the first contact and is converted once, by the first
-- formation.
with partners as (
    select
        customer_id,
        max(partner_id) as partner_id
    from {{ ref('int_lifecycle__prospects_staged') }}
    where customer_id is not null
    group by customer_id
),

register as (
    select count(*) > 0 as has_prospects
    from {{ ref('int_lifecycle__prospects_staged') }}
),

cohorts as (
    select
        {{ month_of('customers.first_seen_date') }} as cohort_month,
        count(*) as new_contacts,
        count(formed.customer_id) as converted,
        count(partners.partner_id) as partner_sourced,
        sum(
            {% for field in fields %}
            case when customers.{{ field }} is not null then 1 else 0 end
            {{ '+' if not loop.last }}
            {% endfor %}
        ) as fields_known
    from {{ ref('dim_customer') }} as customers
    left join {{ ref('int_lifecycle__formation_timed') }} as formed
        on customers.customer_id = formed.customer_id
    left join partners on customers.customer_id = partners.customer_id
    where customers.first_seen_date is not null
    group by {{ month_of('customers.first_seen_date') }}
)

select
    cohorts.cohort_month,
    cast(cohorts.new_contacts as integer) as new_contacts,
    cast(cohorts.fields_known as double) / ({{ fields | length }} * cohorts.new_contacts)
        as profile_completeness,
    cast(cohorts.converted as integer) as converted,
    cast(cohorts.converted as double) / cohorts.new_contacts as conversion_rate,
    case when register.has_prospects then cast(cohorts.partner_sourced as integer) end
        as partner_sourced,
    case
        when register.has_prospects
            then cast(cohorts.partner_sourced as double) / cohorts.new_contacts
    end as partner_share,
    context.as_of
from cohorts
cross join register
cross join {{ ref('int_build__context_stated') }} as context
