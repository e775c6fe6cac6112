-- Each goal with the KPIs that stand for it, as they are in the newest closed period of each kind.
with newest as (
    select
        scorecard.kpi,
        scorecard.status,
        scorecard.period_kind,
        row_number() over (
            partition by scorecard.kpi
            order by
                case when scorecard.value is null then 1 else 0 end asc,
                scorecard.period_end desc, scorecard.period_start asc
        ) as place
    from {{ ref('mart_kpi_scorecard') }} as scorecard
)

select
    goals.goal_no,
    goals.goal,
    goals.name as name_en,
    goals.name_zh,
    cast(count(newest.kpi) as integer) as kpis,
    cast(count(case when newest.status <> 'no data' then 1 end) as integer) as kpis_measured,
    cast(count(case when newest.status = 'on target' then 1 end) as integer) as kpis_on_target,
    cast(count(case when newest.status = 'off target' then 1 end) as integer) as kpis_off_target,
    {{ text_list('newest.kpi', ', ', 'newest.kpi') }} as kpi_names,
    context.as_of
from {{ ref('int_performance__goals_listed') }} as goals
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('rpt_kpi_dictionary') }} as dictionary on goals.goal = dictionary.goal
left join newest on dictionary.kpi = newest.kpi and newest.place = 1
group by goals.goal_no, goals.goal, goals.name, goals.name_zh, context.as_of
