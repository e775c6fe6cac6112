-- A figure counts for every period that holds its own whole; each is compared with the first one of
-- the same measure, source and length, so that months and quarters do not mix. The index needs all
-- five measures: one that is missing would move it.
{% set parts = ['search_volume', 'exposure', 'word_of_mouth', 'awareness', 'reputation'] %}

with figures as (
    select
        measure,
        period,
        case period_kind
            when 'month' then {{ add_months('period', 1) }}
            when 'quarter' then {{ add_months('period', 3) }}
            else {{ add_months('period', 12) }}
        end as period_before,
        cast(measured_value as double) as figure,
        cast(measured_value as double) / nullif(
            first_value(cast(measured_value as double)) over (
                partition by measure, source_name, period_kind order by period asc
            ), 0
        ) as ratio
    from {{ ref('stg_reference__brand') }}
    where region = 'all'
),

means as (
    select
        periods.period_kind,
        periods.period_start,
        figures.measure,
        cast(sum(cast(figures.figure as decimal(28, 9))) as double) / count(figures.figure)
            as figure,
        cast(sum(cast(figures.ratio as decimal(28, 9))) as double) / count(figures.ratio) as ratio
    from {{ ref('int_retention__periods_listed') }} as periods
    inner join figures
        on
            periods.period_start <= figures.period
            and periods.period_end >= {{ add_days('figures.period_before', -1) }}
    group by periods.period_kind, periods.period_start, figures.measure
)

select
    'brand_awareness' as kpi,
    period_kind,
    period_start,
    figure as kpi_value
from means
where measure = 'awareness'
union all
select
    'brand_influence' as kpi,
    period_kind,
    period_start,
    100 * cast(sum(cast(ratio as decimal(28, 9))) as double) / count(ratio) as kpi_value
from means
where measure in ('{{ parts | join("', '") }}')
group by period_kind, period_start
having count(ratio) = {{ parts | length }}
