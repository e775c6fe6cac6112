-- Months before the month in which the measure began against months from the next one on; stores
-- that it does not name are the comparison. Sums of a month are rounded before they are added, so
-- that the order of rows leaves no trace.
with spans as (
    select
        measures.*,
        {{ month_of('measures.start_date') }} as start_month,
        cast(rules.measure_effect_months as integer) as months,
        rules.as_of
    from {{ ref('int_surveys__measures_listed') }} as measures
    cross join {{ ref('int_surveys__rules_dated') }} as rules
    where measures.start_date <= rules.as_of
),

windows as (
    select
        *,
        {{ add_months('start_month', '-months') }} as before_month,
        {{ add_months('start_month', 'months + 1') }} as until_month
    from spans
),

sums as (
    select
        windows.source,
        windows.measure_id,
        windows.kind,
        windows.metric,
        windows.benchmark_code,
        windows.start_date,
        windows.until_month,
        {% for group, condition in [
            ('own', "(windows.store_ids is null or ';' || windows.store_ids || ';' like '%;' || "
                ~ "months.store_id || ';%')"),
            ('other', "windows.store_ids is not null and not ';' || windows.store_ids || ';' "
                ~ "like '%;' || months.store_id || ';%'"),
        ] %}
        {% for span, comparison in [('before', '<'), ('after', '>')] %}
        {% for part in ['numerator', 'denominator'] %}
        sum(
            case
                when
                    {{ condition }}
                    and months.month_start {{ comparison }} windows.start_month
                    then cast(months.{{ part }} as decimal(18, 4))
            end
        ) as {{ group }}_{{ part }}_{{ span }},
        {% endfor %}
        {% endfor %}
        {% endfor %}
        windows.as_of
    from windows
    left join {{ ref('int_surveys__store_months_measured') }} as months
        on
            windows.metric = months.metric
            and windows.before_month <= months.month_start
            and windows.until_month > months.month_start
    group by
        windows.source,
        windows.measure_id,
        windows.kind,
        windows.metric,
        windows.benchmark_code,
        windows.start_date,
        windows.until_month,
        windows.as_of
),

rates as (
    select
        source,
        measure_id,
        kind,
        metric,
        benchmark_code,
        start_date,
        until_month > {{ add_days('as_of', 1) }} as is_running,
        {% for group in ['own', 'other'] %}
        {% for span in ['before', 'after'] %}
        cast({{ group }}_numerator_{{ span }} as double)
        / nullif(cast({{ group }}_denominator_{{ span }} as double), 0)
            as {{ group }}_{{ span }},
        {% endfor %}
        {% endfor %}
        as_of
    from sums
),

changes as (
    select
        *,
        100 * (own_after / nullif(own_before, 0) - 1) as change_pct,
        100 * (other_after / nullif(other_before, 0) - 1) as comparison_change_pct
    from rates
)

select
    changes.source,
    changes.measure_id,
    changes.kind,
    changes.metric,
    changes.start_date,
    changes.own_before as value_before,
    changes.own_after as value_after,
    changes.change_pct,
    changes.comparison_change_pct,
    changes.change_pct - changes.comparison_change_pct as effect_points,
    100 * cast(benchmarks.low as double) as quoted_change_pct,
    case
        when changes.change_pct is null then 'no data'
        when changes.is_running then 'running'
        when changes.comparison_change_pct is null then 'uncontrolled'
        else 'controlled'
    end as status,
    changes.as_of
from changes
left join {{ ref('int_surveys__benchmarks_listed') }} as benchmarks
    on changes.benchmark_code = benchmarks.code
