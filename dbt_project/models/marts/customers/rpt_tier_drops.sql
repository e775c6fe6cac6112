select
    drops.customer_id,
    drops.opened_date,
    drops.spend_before,
    drops.spend_at_drop,
    drops.spend_now,
    drops.a_min,
    cast(greatest(drops.a_min - drops.spend_now, 0) as decimal(18, 2)) as spend_to_a,
    cast(drops.spend_before as decimal(18, 2)) as spend_at_risk,
    'rolling year fell from ' || cast(drops.spend_before as string) || ' to '
    || cast(drops.spend_at_drop as string) || ' ' || context.chain_currency || ' on '
    || cast(drops.opened_date as string) || ' and stands at ' || cast(drops.spend_now as string)
    || '; A begins at ' || cast(drops.a_min as string)
    || '; last purchase ' || cast(days.last_purchase_date as string) as reasons,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_tiers__drops_found') }} as drops
cross join {{ ref('int_build__context_stated') }} as context
cross join {{ ref('int_sales__coverage_totalled') }} as coverage
left join (
    select
        customer_id,
        max(last_purchase_date) as last_purchase_date
    from {{ ref('int_customers__years_summarised') }}
    group by customer_id
) as days on drops.customer_id = days.customer_id
where drops.closed_date is null
