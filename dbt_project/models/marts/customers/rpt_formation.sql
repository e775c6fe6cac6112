-- By the month of the first formation. Who is not steady yet is counted apart and has no time.
with satisfaction as (
    select
        customer_id,
        cast(sum(cast(csat_100 as decimal(18, 6))) as double) / count(*) as csat_100
    from {{ ref('int_churn__satisfaction_dated') }}
    group by customer_id
),

growth as (
    select
        customer_id,
        max(spend_trend) as spend_trend
    from {{ ref('mart_lifecycle') }}
    group by customer_id
)

select
    {{ month_of('timed.first_formation_date') }} as cohort_month,
    cast(count(*) as integer) as customers,
    cast(count(timed.days_to_stability) as integer) as became_stable,
    cast(count(case when timed.is_censored then 1 end) as integer) as not_yet_stable,
    cast({{ quantile('timed.days_to_stability', '0.5') }} as double) as median_days_to_stability,
    cast(sum(timed.days_to_stability) as double) / nullif(count(timed.days_to_stability), 0)
        as mean_days_to_stability,
    cast({{ quantile('growth.spend_trend', '0.5') }} as double) as median_growth_ratio,
    cast(sum(cast(satisfaction.csat_100 as decimal(18, 6))) as double)
    / nullif(count(satisfaction.csat_100), 0) as csat_100,
    context.as_of
from {{ ref('int_lifecycle__formation_timed') }} as timed
cross join {{ ref('int_build__context_stated') }} as context
left join satisfaction on timed.customer_id = satisfaction.customer_id
left join growth on timed.customer_id = growth.customer_id
group by {{ month_of('timed.first_formation_date') }}, context.as_of
