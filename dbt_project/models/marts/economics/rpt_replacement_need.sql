-- Ordinary customers are those of tier C. Rounded first: 12 must not become 13 by its last digit.
with means as (
    select
        year,
        tier,
        count(*) as customers,
        cast(sum(net_spend) as double) / nullif(count(net_spend), 0) as spend_mean
    from {{ ref('mart_customer_tier') }}
    where tier in ('A', 'B', 'C')
    group by year, tier
),

years as (
    select distinct year
    from {{ ref('mart_customer_tier') }}
),

tiers as (
    select 'A' as tier
    union all
    select 'B' as tier
)

select
    years.year,
    tiers.tier,
    cast(coalesce(best.customers, 0) as integer) as customers,
    best.spend_mean as mean_spend,
    ordinary.spend_mean as ordinary_mean_spend,
    cast(
        case
            when ordinary.spend_mean > 0
                then ceil(round(best.spend_mean / ordinary.spend_mean, 9))
        end as integer
    ) as ordinary_needed_to_replace_one,
    case
        when best.spend_mean is null then 'nobody is in the tier'
        when ordinary.spend_mean is null then 'nobody is in tier C'
        when ordinary.spend_mean <= 0 then 'tier C spent nothing'
    end as reason,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from years
cross join tiers
cross join {{ ref('int_build__context_stated') }} as context
left join means as best on years.year = best.year and tiers.tier = best.tier
left join means as ordinary on years.year = ordinary.year and ordinary.tier = 'C'
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on years.year = coverage.calendar_year
