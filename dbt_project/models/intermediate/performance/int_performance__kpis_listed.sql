-- The feeds of a KPI that were never delivered are named in the order of their names.
with missing as (
    select
        kpis.kpi,
        {{ text_list('delivered.feed', ', ', 'delivered.feed') }} as feeds
    from {{ ref('ref_kpis') }} as kpis
    inner join {{ ref('int_loads__feeds_delivered') }} as delivered
        on {{ text_position("';' || delivered.feed || ';'", "';' || kpis.feeds || ';'") }} > 0
    where not delivered.is_delivered
    group by kpis.kpi
)

select
    kpis.kpi,
    kpis.name,
    kpis.name_zh,
    case when kpis.unit = 'currency' then context.chain_currency else kpis.unit end as unit,
    kpis.direction,
    kpis.is_core,
    kpis.is_relationship,
    kpis.is_headline,
    kpis.goal,
    kpis.formula,
    kpis.feeds,
    kpis.source_model,
    kpis.periods,
    kpis.target_periods,
    kpis.is_flow,
    kpis.benchmark_code,
    kpis.owner,
    kpis.action,
    missing.feeds as missing_feeds
from {{ ref('ref_kpis') }} as kpis
cross join {{ ref('int_build__context_stated') }} as context
left join missing on kpis.kpi = missing.kpi
