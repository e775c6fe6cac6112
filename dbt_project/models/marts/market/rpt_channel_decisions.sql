-- Lowest is the worst of the channels of the quarter that have the figure: the dearest, the least
-- efficient, the narrowest, the worst liked. One channel alone is lowest in nothing.
with bounded as (
    select
        *,
        max(cost) over (partition by quarter_no) as worst_cost,
        min(cost) over (partition by quarter_no) as best_cost,
        min(efficiency) over (partition by quarter_no) as worst_efficiency,
        max(efficiency) over (partition by quarter_no) as best_efficiency,
        min(reach) over (partition by quarter_no) as worst_reach,
        max(reach) over (partition by quarter_no) as best_reach,
        min(csat_100) over (partition by quarter_no) as worst_csat_100,
        max(csat_100) over (partition by quarter_no) as best_csat_100
    from {{ ref('int_channels__quarters_measured') }}
),

compared as (
    select
        *,
        coalesce(cost = worst_cost and worst_cost <> best_cost, false)
            as is_lowest_cost,
        coalesce(efficiency = worst_efficiency and worst_efficiency <> best_efficiency, false)
            as is_lowest_efficiency,
        coalesce(reach = worst_reach and worst_reach <> best_reach, false)
            as is_lowest_reach,
        coalesce(csat_100 = worst_csat_100 and worst_csat_100 <> best_csat_100, false)
            as is_lowest_csat_100
    from bounded
),

counted as (
    select
        *,
        case when is_lowest_cost then 1 else 0 end
        + case when is_lowest_efficiency then 1 else 0 end
        + case when is_lowest_reach then 1 else 0 end
        + case when is_lowest_csat_100 then 1 else 0 end
            as lowest_scores
    from compared
),

followed as (
    select
        now.channel,
        now.quarter_no,
        count(earlier.quarter_no) as quarters_lowest
    from counted as now
    cross join {{ ref('int_channels__rules_dated') }} as rules
    left join counted as earlier
        on
            now.channel = earlier.channel
            and now.quarter_no >= earlier.quarter_no
            and earlier.quarter_no > now.quarter_no - rules.channel_drop_quarters
            and earlier.lowest_scores = 4
    group by now.channel, now.quarter_no
)

select
    counted.channel,
    counted.quarter_start,
    cast(counted.net_sales as decimal(18, 2)) as net_sales,
    cast(counted.cost as decimal(18, 2)) as cost,
    counted.efficiency,
    cast(counted.incentives as decimal(18, 2)) as incentive_payments,
    cast(counted.net_sales as double) / nullif(cast(counted.incentives as double), 0)
        as sales_per_incentive,
    cast(counted.reach as bigint) as reach,
    counted.reach_basis,
    counted.csat_100,
    counted.is_lowest_cost,
    counted.is_lowest_efficiency,
    counted.is_lowest_reach,
    counted.is_lowest_csat_100 as is_lowest_csat,
    cast(counted.lowest_scores as integer) as lowest_scores,
    cast(followed.quarters_lowest as integer) as quarters_lowest,
    case
        when followed.quarters_lowest >= rules.channel_drop_quarters then 'drop'
        when counted.lowest_scores >= rules.channel_fix_scores then 'fix'
        else 'keep'
    end as decision,
    'lowest in ' || cast(counted.lowest_scores as string) || ' of 4'
    || case
        when followed.quarters_lowest > 0
            then
                ', in all four for ' || cast(followed.quarters_lowest as string) || ' quarter(s)'
        else ''
    end
    || case when counted.cost is null then '; no data: cost and efficiency' else '' end
    || case when counted.csat_100 is null then '; no data: satisfaction' else '' end as reason,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from counted
cross join {{ ref('int_channels__rules_dated') }} as rules
cross join {{ ref('int_build__context_stated') }} as context
inner join followed
    on counted.channel = followed.channel and counted.quarter_no = followed.quarter_no
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on extract(year from counted.quarter_start) = coverage.calendar_year
