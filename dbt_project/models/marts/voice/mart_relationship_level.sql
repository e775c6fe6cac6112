-- Incremental margin: what the touched earned us while the campaign ran (to as_of) less that of as
-- many days before. Kept is who bought in the year after the campaign's beginning.
with spans as (
    select
        campaigns.campaign_id,
        coalesce(cast(campaigns.relation_level as string), 'unstated') as relation_level,
        campaigns.calendar_year,
        campaigns.start_date,
        least(coalesce(campaigns.end_date, context.as_of), context.as_of) as end_date,
        {{ add_days('campaigns.start_date', 365) }} as year_end_date,
        {{ days_between(
            'campaigns.start_date', 'least(coalesce(campaigns.end_date, context.as_of), context.as_of)'
        ) }} + 1 as days,
        context.as_of
    from {{ ref('int_programme__campaigns_levelled') }} as campaigns
    cross join {{ ref('int_build__context_stated') }} as context
),

touched as (
    select
        spans.campaign_id,
        spans.relation_level,
        touches.customer_id,
        spans.year_end_date <= spans.as_of as is_year_over,
        sum(
            case
                when
                    margins.business_date >= spans.start_date
                    and margins.business_date <= spans.end_date
                    then margins.margin
                else 0
            end
        ) as margin_during,
        sum(
            case
                when
                    margins.business_date < spans.start_date
                    and margins.business_date
                    >= {{ add_days('spans.start_date', '-cast(spans.days as integer)') }}
                    then margins.margin
                else 0
            end
        ) as margin_before,
        max(
            case
                when
                    margins.business_date > spans.end_date
                    and margins.business_date <= spans.year_end_date
                    then 1
                else 0
            end
        ) as is_kept
    from spans
    inner join {{ ref('int_programme__customers_touched') }} as touches
        on spans.campaign_id = touches.campaign_id
    left join {{ ref('int_programme__margins_summarised') }} as margins
        on touches.customer_id = margins.customer_id
    group by
        spans.campaign_id,
        spans.relation_level,
        touches.customer_id,
        spans.year_end_date <= spans.as_of
),

levels as (
    select
        spans.relation_level,
        count(*) as campaigns,
        sum(costs.cost) as cost
    from spans
    left join {{ ref('int_programme__campaign_costs_summarised') }} as costs
        on spans.campaign_id = costs.campaign_id
    group by spans.relation_level
),

returns as (
    select
        relation_level,
        count(distinct customer_id) as customers,
        sum(margin_during - margin_before) as incremental_margin,
        cast(sum(case when is_year_over then is_kept end) as double)
        / nullif(count(case when is_year_over then 1 end), 0) as retention
    from touched
    group by relation_level
),

joined as (
    select
        levels.relation_level,
        levels.campaigns,
        coalesce(returns.customers, 0) as customers,
        levels.cost,
        returns.incremental_margin,
        cast(returns.incremental_margin as double) / nullif(cast(levels.cost as double), 0)
            as margin_per_cost,
        returns.retention
    from levels
    left join returns on levels.relation_level = returns.relation_level
),

compared as (
    select
        *,
        lag(margin_per_cost) over (order by relation_level asc) as margin_per_cost_below
    from joined
    where relation_level <> 'unstated'
)

select
    joined.relation_level,
    cast(joined.campaigns as integer) as campaigns,
    cast(joined.customers as integer) as customers,
    cast(joined.cost as decimal(18, 2)) as cost,
    cast(joined.incremental_margin as decimal(18, 2)) as incremental_margin,
    joined.margin_per_cost,
    joined.retention,
    case
        when joined.relation_level = 'unstated' then 'no level stated'
        when joined.relation_level = '1' then 'lowest level'
        when compared.margin_per_cost is null or compared.margin_per_cost_below is null
            then 'insufficient'
        when compared.margin_per_cost > compared.margin_per_cost_below then 'rises'
        else 'does not rise'
    end as return_against_level_below,
    context.chain_currency as currency,
    context.as_of
from joined
cross join {{ ref('int_build__context_stated') }} as context
left join compared on joined.relation_level = compared.relation_level
