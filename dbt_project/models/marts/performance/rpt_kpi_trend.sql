-- A least-squares line through the newest periods of each length, its forecast of the next one, and
-- for months the season: the mean of a month of the year by the mean of all. Sums are of decimals,
-- which no order of adding can change.
with numbered as (
    select
        scorecard.kpi,
        scorecard.unit,
        scorecard.period_kind,
        scorecard.period_start,
        {{ months_between("cast('1900-01-01' as date)", 'scorecard.period_start') }}
        / case scorecard.period_kind when 'month' then 1 when 'quarter' then 3 else 12 end as x,
        cast(scorecard.value as decimal(20, 6)) as y,
        row_number() over (
            partition by scorecard.kpi, scorecard.period_kind
            order by scorecard.period_start desc
        ) as place
    from {{ ref('mart_kpi_scorecard') }} as scorecard
    where scorecard.value is not null
),

kept as (
    select
        numbered.kpi,
        numbered.unit,
        numbered.period_kind,
        numbered.period_start,
        numbered.y,
        cast(
            numbered.x - max(numbered.x) over (partition by numbered.kpi, numbered.period_kind)
            as integer
        ) as x
    from numbered
    cross join {{ ref('int_performance__rules_dated') }} as rules
    where numbered.place <= rules.trend_max_points
),

summed as (
    select
        kpi,
        unit,
        period_kind,
        max(period_start) as newest_start,
        count(*) as n,
        cast(sum(x) as double) as sx,
        cast(sum(x * x) as double) as sxx,
        cast(sum(y) as double) as sy,
        cast(sum(x * y) as double) as sxy
    from kept
    group by kpi, unit, period_kind
),

fitted as (
    select
        *,
        (n * sxy - sx * sy) / nullif(n * sxx - sx * sx, 0) as slope,
        (sy - (n * sxy - sx * sy) / nullif(n * sxx - sx * sx, 0) * sx) / n as level_now,
        sxx - sx * sx / n as spread
    from summed
),

residuals as (
    select
        fitted.kpi,
        fitted.period_kind,
        cast(
            sum(
                cast(
                    power(cast(kept.y as double) - fitted.level_now - fitted.slope * kept.x, 2)
                    as decimal(38, 9)
                )
            ) as double
        ) as squares
    from fitted
    inner join kept
        on fitted.kpi = kept.kpi and fitted.period_kind = kept.period_kind
    group by fitted.kpi, fitted.period_kind
),

seasons as (
    select
        kept.kpi,
        cast(extract(month from kept.period_start) as integer) as month_no,
        cast(sum(kept.y) as double) / count(*) / nullif(summed.sy / summed.n, 0) as ratio
    from kept
    inner join summed
        on kept.kpi = summed.kpi and kept.period_kind = summed.period_kind
    cross join {{ ref('int_performance__rules_dated') }} as rules
    where kept.period_kind = 'month' and summed.n >= rules.season_min_months
    group by kept.kpi, cast(extract(month from kept.period_start) as integer), summed.sy, summed.n
),

ranked as (
    select
        *,
        row_number() over (partition by kpi order by ratio desc, month_no asc) as from_top,
        row_number() over (partition by kpi order by ratio asc, month_no asc) as from_bottom
    from seasons
    where ratio is not null
),

judged as (
    select
        fitted.*,
        fitted.n >= rules.trend_min_points and fitted.slope is not null as is_judged,
        fitted.level_now + fitted.slope as forecast,
        rules.forecast_z
        * sqrt(residuals.squares / nullif(fitted.n - 2, 0))
        * sqrt(1 + 1.0 / fitted.n + power(1 - fitted.sx / fitted.n, 2) / nullif(fitted.spread, 0))
            as half_width
    from fitted
    cross join {{ ref('int_performance__rules_dated') }} as rules
    inner join residuals
        on fitted.kpi = residuals.kpi and fitted.period_kind = residuals.period_kind
)

select
    judged.kpi,
    judged.unit,
    judged.period_kind,
    judged.newest_start,
    cast(judged.n as integer) as periods_compared,
    case when judged.is_judged then round(judged.slope, 9) end as slope_per_period,
    case
        when not judged.is_judged then 'too few periods'
        when round(judged.slope, 9) > 0 then 'rising'
        when round(judged.slope, 9) < 0 then 'falling'
        else 'level'
    end as finding,
    case when judged.is_judged then round(judged.forecast, 6) end as forecast_next,
    case when judged.is_judged then round(judged.forecast - judged.half_width, 6) end
        as forecast_low,
    case when judged.is_judged then round(judged.forecast + judged.half_width, 6) end
        as forecast_high,
    case when judged.period_kind = 'month' then peaks.month_no end as peak_month,
    case when judged.period_kind = 'month' then round(peaks.ratio, 9) end as peak_ratio,
    case when judged.period_kind = 'month' then troughs.month_no end as low_month,
    case when judged.period_kind = 'month' then round(troughs.ratio, 9) end as low_ratio,
    context.as_of
from judged
cross join {{ ref('int_build__context_stated') }} as context
left join ranked as peaks
    on judged.kpi = peaks.kpi and peaks.from_top = 1
left join ranked as troughs
    on judged.kpi = troughs.kpi and troughs.from_bottom = 1
