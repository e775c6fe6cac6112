-- The budget holds its reserve; free is what neither was spent nor is kept for the start of the
-- next stage. A forecast is a later word on the same money and stands beside the budget.
with versions as (
    select
        plan_id,
        stage,
        scenario,
        version,
        sum(amount) as budget,
        coalesce(sum(case when is_reserve then amount end), 0) as reserve
    from {{ ref('int_market__plan_funds_summed') }}
    where scenario <> 'actual'
    group by plan_id, stage, scenario, version
),

spent as (
    select
        plan_id,
        stage,
        sum(amount) as spent
    from {{ ref('int_market__plan_funds_summed') }}
    where scenario = 'actual'
    group by plan_id, stage
),

ordered as (
    select
        *,
        row_number() over (
            partition by plan_id, stage order by version desc, scenario desc
        ) as place
    from versions
)

select
    ordered.plan_id,
    ordered.stage,
    ordered.scenario,
    cast(ordered.version as integer) as version,
    ordered.place = 1 as is_newest,
    cast(ordered.budget as decimal(18, 2)) as budget,
    cast(spent.spent as decimal(18, 2)) as spent,
    cast(spent.spent - (ordered.budget - ordered.reserve) as decimal(18, 2)) as variance,
    cast(ordered.reserve as decimal(18, 2)) as reserve,
    cast(ordered.budget - spent.spent - ordered.reserve as decimal(18, 2)) as free_funds,
    case
        when not delivered.is_delivered then 'no data'
        when spent.spent is null then 'nothing booked'
        else 'measured'
    end as status,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join ordered on delivered.is_delivered
left join spent on ordered.plan_id = spent.plan_id and ordered.stage = spent.stage
where
    delivered.feed = 'ref_spend'
    and (ordered.plan_id is not null or not delivered.is_delivered)
