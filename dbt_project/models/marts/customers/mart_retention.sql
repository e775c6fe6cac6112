{% set segments = [
    ('all', "'all'", "'all'"),
    ('cohort', "'all'", "cast(extract(year from firsts.first_purchase_date) as string)"),
    ('tier', "coalesce(tiers.tier, 'not rated')", "'all'"),
    ('store', "coalesce(homes.store_id, 'unknown')", "'all'"),
] %}

-- The base of a period are the buyers of the period before it: who is new in the period is no part
-- of it. The tier is that of the calendar year in which the period before began.
with members as (
    {% for kind, segment, cohort in segments %}
    select
        periods.period_kind,
        periods.period_start,
        '{{ kind }}' as segment_kind,
        {{ segment }} as segment,
        {{ cohort }} as cohort,
        now.customer_id is not null as is_retained
    from {{ ref('int_retention__periods_listed') }} as periods
    inner join {{ ref('int_retention__periods_bought') }} as before
        on
            periods.period_kind = before.period_kind
            and periods.previous_start = before.period_start
    left join {{ ref('int_retention__periods_bought') }} as now
        on
            periods.period_kind = now.period_kind
            and periods.period_start = now.period_start
            and before.customer_id = now.customer_id
    {% if kind == 'tier' %}
    left join {{ ref('mart_customer_tier') }} as tiers
        on
            before.customer_id = tiers.customer_id
            and extract(year from before.period_start) = tiers.year
    {% elif kind == 'store' %}
    left join {{ ref('int_segments__home_stores_found') }} as homes
        on before.customer_id = homes.customer_id
    {% elif kind == 'cohort' %}
    inner join {{ ref('int_customers__first_purchases_dated') }} as firsts
        on before.customer_id = firsts.customer_id
    {% endif %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (
    select
        period_kind,
        period_start,
        segment_kind,
        segment,
        cohort,
        count(*) as base,
        count(case when is_retained then 1 end) as retained
    from members
    group by period_kind, period_start, segment_kind, segment, cohort
),

-- A period without a base is there with no rate.
filled as (
    select
        period_kind,
        period_start,
        segment_kind,
        segment,
        cohort,
        base,
        retained
    from counted
    union all
    select
        periods.period_kind,
        periods.period_start,
        'all' as segment_kind,
        'all' as segment,
        'all' as cohort,
        0 as base,
        0 as retained
    from {{ ref('int_retention__periods_listed') }} as periods
    left join counted
        on
            periods.period_kind = counted.period_kind
            and periods.period_start = counted.period_start
            and counted.segment_kind = 'all'
    where counted.period_kind is null
)

select
    filled.period_kind,
    filled.period_start,
    filled.segment_kind,
    filled.segment,
    filled.cohort,
    cast(filled.base as integer) as base,
    cast(filled.retained as integer) as retained,
    cast(filled.retained as double) / nullif(filled.base, 0) as retention_rate,
    coverage.coverage_pct,
    context.as_of
from filled
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on extract(year from filled.period_start) = coverage.calendar_year
