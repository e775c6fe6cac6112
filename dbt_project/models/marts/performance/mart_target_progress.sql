-- Progress is told of the whole chain, of which alone the scorecard knows values: growth as that of
-- the newest period of the span, an absolute value as it stands in it; what adds up over time as
-- the longest closed period that begins with the span.
with parts as (
    select
        parent_id,
        metric,
        unit,
        count(*) as parts,
        sum(target_value) as parts_value
    from {{ ref('int_performance__targets_listed') }}
    where parent_id is not null
    group by parent_id, metric, unit
),

values_of_span as (
    select
        targets.target_id,
        scorecard.period_kind,
        scorecard.period_start,
        scorecard.period_end,
        targets.unit <> kpis.unit as is_growth,
        case
            when targets.unit = kpis.unit then scorecard.value
            else round(scorecard.value / nullif(scorecard.year_before_value, 0) - 1, 9)
        end as value,
        row_number() over (
            partition by targets.target_id
            order by
                scorecard.period_end desc, scorecard.period_start asc, scorecard.period_kind asc
        ) as place
    from {{ ref('int_performance__targets_listed') }} as targets
    inner join {{ ref('int_performance__kpis_listed') }} as kpis on targets.metric = kpis.kpi
    inner join {{ ref('mart_kpi_scorecard') }} as scorecard
        on
            targets.metric = scorecard.kpi
            and targets.start_date <= scorecard.period_start
            and targets.due_date >= scorecard.period_end
            and {{ text_position(
                "';' || scorecard.period_kind || ';'", "';' || kpis.target_periods || ';'"
            ) }} > 0
    where
        targets.region is null and targets.store_id is null
        and scorecard.value is not null
        and (
            (targets.unit = 'share' and kpis.unit <> 'share')
            or (
                targets.unit = kpis.unit
                and (not kpis.is_flow or scorecard.period_start = targets.start_date)
            )
        )
),

measured as (
    select
        targets.*,
        kpis.direction,
        reached.value,
        reached.period_kind as value_period_kind,
        reached.period_start as value_period_start,
        case
            when reached.is_growth then reached.value / nullif(targets.target_value, 0)
            when kpis.is_flow then reached.value / nullif(cast(targets.target_value as double), 0)
            else
                (reached.value - cast(targets.baseline_value as double))
                / nullif(cast(targets.target_value - targets.baseline_value as double), 0)
        end as progress,
        case
            when kpis.direction = 'down'
                then reached.value <= cast(targets.target_value as double)
            else reached.value >= cast(targets.target_value as double)
        end as is_reached,
        case
            when targets.due_date < {{ add_months(
                'targets.start_date', 'cast(rules.target_short_max_months as integer)'
            ) }} then 'short'
            when targets.due_date < {{ add_months(
                'targets.start_date', 'cast(rules.target_mid_max_months as integer)'
            ) }} then 'mid'
            when targets.due_date is not null and targets.start_date is not null then 'long'
        end as horizon_by_dates,
        cast(
            least(
                greatest({{ days_between('targets.start_date', 'rules.as_of') }} + 1, 0),
                {{ days_between('targets.start_date', 'targets.due_date') }} + 1
            ) as double
        ) / ({{ days_between('targets.start_date', 'targets.due_date') }} + 1) as time_share,
        rules.as_of
    from {{ ref('int_performance__targets_listed') }} as targets
    cross join {{ ref('int_performance__rules_dated') }} as rules
    left join {{ ref('int_performance__kpis_listed') }} as kpis on targets.metric = kpis.kpi
    left join values_of_span as reached
        on targets.target_id = reached.target_id and reached.place = 1
)

select
    measured.target_id,
    measured.statement,
    measured.metric,
    measured.unit,
    measured.region,
    measured.store_id,
    measured.horizon,
    measured.horizon_by_dates,
    coalesce(measured.horizon = measured.horizon_by_dates, false) as horizon_fits,
    measured.owner_id,
    measured.start_date,
    measured.due_date,
    measured.baseline_value,
    measured.target_value,
    measured.value,
    measured.value_period_kind,
    measured.value_period_start,
    round(measured.progress, 9) as progress,
    round(measured.time_share, 9) as time_share,
    case
        when measured.as_of < measured.start_date then 'not begun'
        when measured.value is null then 'no data'
        when measured.is_reached then 'reached'
        when measured.as_of >= measured.due_date then 'missed'
        when round(measured.progress, 9) >= round(measured.time_share, 9) then 'on the way'
        else 'behind'
    end as status,
    measured.parent_id,
    parents.target_id is null and measured.parent_id is not null as is_parent_unknown,
    cast(coalesce(parts.parts, 0) as integer) as parts,
    cast(parts.parts_value as decimal(18, 4)) as parts_value,
    cast(measured.target_value - parts.parts_value as decimal(18, 4)) as parts_gap,
    nullif(
        case when measured.owner_id is null then 'no owner; ' else '' end
        || case
            when measured.target_value <> parts.parts_value then 'the parts do not add up; '
            else ''
        end
        || case
            when measured.parent_id is not null and parents.target_id is null
                then 'the whole is unknown; '
            else ''
        end
        || case
            when coalesce(measured.horizon = measured.horizon_by_dates, false) then ''
            else 'the horizon does not match the days; '
        end,
        ''
    ) as findings,
    measured.as_of
from measured
left join {{ ref('int_performance__targets_listed') }} as parents
    on measured.parent_id = parents.target_id
left join parts
    on
        measured.target_id = parts.parent_id
        and measured.metric = parts.metric
        and measured.unit = parts.unit
