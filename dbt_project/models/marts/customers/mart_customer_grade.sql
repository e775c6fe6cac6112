-- The tier that stands is that of the newest year over at as_of; who reaches A in the running year
-- is a key customer at once. An override counts as `YYYY-MM-DD reason`, from that date on.
{% set override_date = try_cast("substr(customers.key_override, 1, 10)", 'date') %}

with standing as (
    select
        tiers.customer_id,
        max(
            case
                when tiers.year = extract(year from {{ add_days('tiers.as_of', 1) }}) - 1
                    then tiers.tier
            end
        ) as tier_standing,
        max(case when tiers.year = extract(year from tiers.as_of) then tiers.tier end)
            as tier_running
    from {{ ref('mart_customer_tier') }} as tiers
    group by tiers.customer_id
),

potentials as (
    select
        customer_id,
        b_potential,
        c_potential,
        reasons
    from {{ ref('mart_tier_potential') }}
    where year = extract(year from {{ add_days('as_of', 1) }}) - 1
),

classed as (
    select
        customers.customer_id,
        standing.tier_standing,
        standing.tier_running,
        case
            when customers.key_override is null then null
            when
                {{ override_date }} <= context.as_of
                and length(trim(substr(customers.key_override, 11))) > 0
                then 'accepted'
            when
                {{ override_date }} > context.as_of
                and length(trim(substr(customers.key_override, 11))) > 0
                then 'not yet valid'
            else 'rejected: not in the form YYYY-MM-DD reason'
        end as key_override_status,
        customers.key_override,
        context.as_of,
        context.chain_currency
    from {{ ref('dim_customer') }} as customers
    cross join {{ ref('int_build__context_stated') }} as context
    left join standing on customers.customer_id = standing.customer_id
)

select
    classed.customer_id,
    classed.tier_standing,
    classed.tier_running,
    case
        when
            classed.tier_standing = 'A'
            or classed.tier_running = 'A'
            or classed.key_override_status = 'accepted'
            then 'key'
        else 'ordinary'
    end as customer_class,
    case
        when classed.tier_standing = 'A' then 'A in the newest year that is over'
        when classed.tier_running = 'A' then 'A in the running year'
        when classed.key_override_status = 'accepted'
            then 'override of ' || substr(classed.key_override, 1, 10)
        else 'not A, no override'
    end as customer_class_reason,
    classed.key_override_status,
    grades.value_part,
    grades.frequency_part,
    grades.loyalty_part,
    grades.potential_part,
    grades.composite_score,
    grades.composite_grade,
    coalesce(grades.is_gold, false) as is_gold,
    grades.gold_reason,
    potentials.b_potential,
    potentials.c_potential,
    potentials.reasons as potential_reasons,
    coverage.coverage_pct,
    classed.as_of
from classed
cross join {{ ref('int_sales__coverage_totalled') }} as coverage
left join {{ ref('int_customers__grades_composed') }} as grades
    on classed.customer_id = grades.customer_id
left join potentials on classed.customer_id = potentials.customer_id
