-- A figure counts for every period that holds its own whole; each is compared with the first one of
-- the same measure, source and length, so that months and quarters do not mix.
with figures as (
    select
        measure,
        period,
        period_kind,
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
)

select
    periods.period_kind,
    periods.period_start,
    figures.measure,
    cast(sum(cast(figures.figure as decimal(28, 9))) as double) / count(figures.figure) as figure,
    cast(
        sum(
            case
                when periods.period_kind = figures.period_kind
                    then cast(figures.figure as decimal(28, 9))
            end
        ) as double
    ) / nullif(count(case when periods.period_kind = figures.period_kind then 1 end), 0)
        as own_figure,
    cast(sum(cast(figures.ratio as decimal(28, 9))) as double) / count(figures.ratio) as ratio
from {{ ref('int_retention__periods_listed') }} as periods
inner join figures
    on
        periods.period_start <= figures.period
        and periods.period_end >= {{ add_days('figures.period_before', -1) }}
group by periods.period_kind, periods.period_start, figures.measure
