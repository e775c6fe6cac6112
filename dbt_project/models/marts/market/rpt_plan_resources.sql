{% set resources = ['people', 'material', 'money', 'information'] %}

-- Of each plan the newest version; its result is what the stores of its place sold since it began,
-- its increment what that is more than in as many days before, where all of these are known. A
-- reserve is no use of anything yet.
with plans as (
    select
        plan_id,
        max(case when scenario <> 'actual' then version end) as version
    from {{ ref('int_market__plan_funds_summed') }}
    group by plan_id
),

resources as (
    {% for resource in resources %}
    select '{{ resource }}' as resource
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

summed as (
    select
        plans.plan_id,
        funds.resource,
        sum(case when funds.scenario <> 'actual' and not funds.is_reserve then funds.amount end)
            as planned,
        sum(case when funds.scenario = 'actual' then funds.amount end) as used
    from plans
    inner join {{ ref('int_market__plan_funds_summed') }} as funds
        on
            plans.plan_id = funds.plan_id
            and (funds.scenario = 'actual' or plans.version = funds.version)
    group by plans.plan_id, funds.resource
),

starts as (
    select
        plan_id,
        max(region) as region,
        max(store_id) as store_id,
        min(start_date) as start_date
    from {{ ref('int_market__milestones_judged') }}
    group by plan_id
),

firsts as (
    select min(business_date) as first_date
    from {{ ref('int_sales__lines_kept') }}
),

places as (
    select
        starts.*,
        {{ add_days(
            'starts.start_date', '-1 - ' ~ days_between('starts.start_date', 'context.as_of')
        ) }} as before_from
    from starts
    cross join {{ ref('int_build__context_stated') }} as context
),

results as (
    select
        places.plan_id,
        sum(case when places.start_date <= sales.business_date then sales.net_amount_chain end)
            as net_sales,
        case
            when places.before_from >= firsts.first_date
                then
                    sum(
                        case
                            when places.start_date > sales.business_date
                                then sales.net_amount_chain
                            else 0
                        end
                    )
        end as net_sales_before
    from places
    cross join firsts
    inner join {{ ref('dim_store') }} as stores
        on
            coalesce(places.store_id = stores.store_id, true)
            and coalesce(places.region = stores.region, true)
    inner join {{ ref('int_sales__lines_kept') }} as sales
        on
            stores.store_id = sales.store_id
            and places.before_from <= sales.business_date
    where places.store_id is not null or places.region is not null
    group by places.plan_id, places.before_from, firsts.first_date
)

select
    plans.plan_id,
    case when plans.plan_id is not null then resources.resource end as resource,
    cast(plans.version as integer) as version,
    cast(summed.planned as decimal(18, 2)) as planned,
    cast(summed.used as decimal(18, 2)) as used,
    cast(summed.used as double) / nullif(cast(summed.planned as double), 0) as used_share,
    cast(results.net_sales as decimal(18, 2)) as result,
    cast(results.net_sales as double) / nullif(cast(summed.used as double), 0) as efficiency,
    cast(results.net_sales_before as decimal(18, 2)) as result_before,
    cast(results.net_sales - results.net_sales_before as decimal(18, 2)) as increment,
    cast(results.net_sales - results.net_sales_before as double)
    / nullif(cast(summed.used as double), 0) as increment_efficiency,
    case
        when not delivered.is_delivered then 'no data'
        when summed.used is null then 'nothing booked'
        when results.net_sales is null then 'no result known'
        else 'measured'
    end as status,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join plans on delivered.is_delivered
inner join resources on plans.plan_id is not null or resources.resource = 'people'
left join summed on plans.plan_id = summed.plan_id and resources.resource = summed.resource
left join results on plans.plan_id = results.plan_id
where
    delivered.feed = 'ref_spend'
    and (plans.plan_id is not null or not delivered.is_delivered)
