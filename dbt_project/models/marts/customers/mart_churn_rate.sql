-- The tier is that of the calendar year before the period, the cohort the year of the first
-- purchase. Customers of the same months and members are counted before they meet the periods.
with years as (
    select distinct extract(year from period_start) as calendar_year
    from {{ ref('int_churn__bases_counted') }}
),

members as (
    select
        years.calendar_year,
        kept.kept_month,
        kept.kept_until_month,
        kept.lost_month,
        kept.returned_month,
        kept.is_next_loss,
        coalesce(tiers.tier, 'not yet rated') as tier,
        coalesce(homes.store_id, 'unknown') as store,
        cast(extract(year from kept.first_purchase_date) as string) as cohort,
        count(*) as customers
    from {{ ref('int_churn__customers_kept') }} as kept
    inner join years
        on
            extract(year from kept.kept_month) <= years.calendar_year
            and extract(year from kept.kept_until_month) >= years.calendar_year
    left join {{ ref('mart_customer_tier') }} as tiers
        on kept.customer_id = tiers.customer_id and years.calendar_year - 1 = tiers.year
    left join {{ ref('int_segments__home_stores_found') }} as homes
        on kept.customer_id = homes.customer_id
    group by
        years.calendar_year,
        kept.kept_month,
        kept.kept_until_month,
        kept.lost_month,
        kept.returned_month,
        kept.is_next_loss,
        coalesce(tiers.tier, 'not yet rated'),
        coalesce(homes.store_id, 'unknown'),
        extract(year from kept.first_purchase_date)
),

crossed as (
    select
        bases.period_kind,
        bases.period_start,
        bases.period_end,
        members.tier,
        members.store,
        members.cohort,
        sum(case when bases.is_next_loss then members.customers else 0 end) as base,
        sum(case when bases.is_lost then members.customers else 0 end) as lost
    from {{ ref('int_churn__bases_counted') }} as bases
    inner join members
        on
            extract(year from bases.period_start) = members.calendar_year
            and bases.kept_month = members.kept_month
            and bases.kept_until_month = members.kept_until_month
            and bases.lost_month = members.lost_month
            and bases.returned_month = members.returned_month
            and bases.is_next_loss = members.is_next_loss
    group by
        bases.period_kind,
        bases.period_start,
        bases.period_end,
        members.tier,
        members.store,
        members.cohort
),

counted as (
    {% for dimension, member in [
        ('all', "'all'"), ('tier', 'tier'), ('store', 'store'), ('cohort', 'cohort')
    ] %}
    select
        period_kind,
        period_start,
        period_end,
        '{{ dimension }}' as dimension,
        {{ member }} as member,
        cast(sum(base) as integer) as base,
        cast(sum(lost) as integer) as lost
    from crossed
    group by period_kind, period_start, period_end{{ ', ' ~ member if dimension != 'all' }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    counted.period_kind,
    counted.period_start,
    counted.period_end,
    counted.dimension,
    counted.member,
    counted.base,
    counted.lost,
    cast(counted.lost as double) / nullif(counted.base, 0) as churn_rate,
    1 - cast(counted.lost as double) / nullif(counted.base, 0) as retention_rate,
    case when counted.period_kind = 'year' then benchmarks.lost_in_a_year end
        as benchmark_lost_in_a_year,
    case when counted.period_kind = 'year' then benchmarks.attrition_ceiling end
        as benchmark_attrition_ceiling,
    case when counted.period_kind = 'year' then benchmarks.own_target end as own_target,
    coverage.coverage_pct,
    context.as_of
from counted
cross join {{ ref('int_churn__benchmarks_listed') }} as benchmarks
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on extract(year from counted.period_start) = coverage.calendar_year
