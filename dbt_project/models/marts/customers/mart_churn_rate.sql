{% set dimensions = [
    ('all', "'all'"),
    ('tier', "coalesce(tiers.tier, 'not yet rated')"),
    ('store', "coalesce(homes.store_id, 'unknown')"),
    ('cohort', "cast(extract(year from firsts.first_purchase_date) as string)"),
] %}

-- The tier is that of the calendar year before the period, the cohort the year of the first
-- purchase.
with members as (
    {% for dimension, member in dimensions %}
    select
        bases.period_kind,
        bases.period_start,
        bases.period_end,
        '{{ dimension }}' as dimension,
        {{ member }} as member,
        bases.is_lost
    from {{ ref('int_churn__bases_counted') }} as bases
    {% if dimension == 'tier' %}
    left join {{ ref('mart_customer_tier') }} as tiers
        on
            bases.customer_id = tiers.customer_id
            and extract(year from bases.period_start) - 1 = tiers.year
    {% elif dimension == 'store' %}
    left join {{ ref('int_segments__home_stores_found') }} as homes
        on bases.customer_id = homes.customer_id
    {% elif dimension == 'cohort' %}
    inner join {{ ref('int_customers__first_purchases_dated') }} as firsts
        on bases.customer_id = firsts.customer_id
    {% endif %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (
    select
        period_kind,
        period_start,
        period_end,
        dimension,
        member,
        count(*) as base,
        count(case when is_lost then 1 end) as lost
    from members
    group by period_kind, period_start, period_end, dimension, member
)

select
    counted.period_kind,
    counted.period_start,
    counted.period_end,
    counted.dimension,
    counted.member,
    cast(counted.base as integer) as base,
    cast(counted.lost as integer) as lost,
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
