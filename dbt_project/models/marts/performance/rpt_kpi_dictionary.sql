select
    kpis.kpi,
    kpis.name as name_en,
    kpis.name_zh,
    kpis.formula,
    kpis.unit,
    kpis.direction,
    kpis.source_model,
    kpis.feeds,
    kpis.missing_feeds,
    kpis.periods as comparable_periods,
    kpis.target_periods,
    kpis.owner,
    kpis.goal,
    goals.name_zh as goal_zh,
    kpis.is_core,
    kpis.is_relationship,
    kpis.is_headline,
    kpis.benchmark_code,
    context.as_of
from {{ ref('int_performance__kpis_listed') }} as kpis
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_performance__goals_listed') }} as goals on kpis.goal = goals.goal
