{% set segments = [
    ('all', "'all'", "'all'"),
    ('cohort', "'all'", 'cohort'),
    ('tier', 'tier', "'all'"),
    ('store', 'store_id', "'all'"),
] %}

-- The base of a period are the buyers of the period before it: who is new in the period is no part
-- of it. The tier is that of the calendar year in which the period before began.
with members as (
    select
        periods.period_kind,
        periods.period_start,
        cast(extract(year from firsts.first_purchase_date) as string) as cohort,
        coalesce(tiers.tier, 'not rated') as tier,
        coalesce(homes.store_id, 'unknown') as store_id,
        count(*) as base,
        count(case when bought.next_start = periods.period_start then 1 end) as retained
    from {{ ref('int_retention__periods_bought') }} as bought
    inner join {{ ref('int_retention__periods_listed') }} as periods
        on
            bought.period_kind = periods.period_kind
            and bought.period_start = periods.previous_start
    left join {{ ref('int_customers__first_purchases_dated') }} as firsts
        on bought.customer_id = firsts.customer_id
    left join {{ ref('mart_customer_tier') }} as tiers
        on
            bought.customer_id = tiers.customer_id
            and extract(year from bought.period_start) = tiers.year
    left join {{ ref('int_segments__home_stores_found') }} as homes
        on bought.customer_id = homes.customer_id
    group by
        periods.period_kind,
        periods.period_start,
        extract(year from firsts.first_purchase_date),
        coalesce(tiers.tier, 'not rated'),
        coalesce(homes.store_id, 'unknown')
),

counted as (
    {% for kind, segment, cohort in segments %}
    select
        period_kind,
        period_start,
        '{{ kind }}' as segment_kind,
        {{ segment }} as segment,
        {{ cohort }} as cohort,
        sum(base) as base,
        sum(retained) as retained
    from members
    {% if kind == 'cohort' %}
    where cohort is not null
    {% endif %}
    group by
        period_kind, period_start
        {%- if segment != "'all'" %}, {{ segment }}{% endif %}
        {%- if cohort != "'all'" %}, {{ cohort }}{% endif %}

    {% if not loop.last %}union all{% endif %}
    {% endfor %}
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
