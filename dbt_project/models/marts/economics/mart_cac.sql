-- By channel the members who came by it, by campaign the prospects that it won. Every customer
-- counts in the year of the first purchase.
with newcomers as (
    select
        firsts.customer_id,
        cast(extract(year from firsts.first_purchase_date) as integer) as calendar_year,
        customers.source_channel as channel
    from {{ ref('int_customers__first_purchases_dated') }} as firsts
    left join {{ ref('dim_customer') }} as customers on firsts.customer_id = customers.customer_id
),

won as (
    select
        prospects.campaign_id,
        newcomers.customer_id,
        newcomers.calendar_year
    from {{ ref('int_segments__prospects_linked') }} as prospects
    inner join newcomers on prospects.customer_id = newcomers.customer_id
    where prospects.campaign_id is not null
),

members as (
    select
        calendar_year,
        'all' as dimension,
        'all' as member,
        customer_id
    from newcomers
    union all
    select
        calendar_year,
        'channel' as dimension,
        channel as member,
        customer_id
    from newcomers
    where channel is not null
    union all
    select distinct
        calendar_year,
        'campaign' as dimension,
        campaign_id as member,
        customer_id
    from won
),

spent as (
    select
        calendar_year,
        'all' as dimension,
        'all' as member,
        spend
    from {{ ref('int_economics__spend_summarised') }}
    where purpose = 'acquisition'
    union all
    select
        calendar_year,
        'channel' as dimension,
        channel as member,
        spend
    from {{ ref('int_economics__spend_summarised') }}
    where purpose = 'acquisition' and channel is not null
    union all
    select
        calendar_year,
        'campaign' as dimension,
        campaign_id as member,
        spend
    from {{ ref('int_economics__spend_summarised') }}
    where purpose = 'acquisition' and campaign_id is not null
),

costs as (
    select
        calendar_year,
        dimension,
        member,
        sum(spend) as spend
    from spent
    group by calendar_year, dimension, member
),

gained as (
    select
        members.calendar_year,
        members.dimension,
        members.member,
        count(*) as new_customers,
        cast(sum(clv.clv_profit_forward) as double) / nullif(count(clv.clv_profit_forward), 0)
            as clv_profit_mean,
        cast(sum(margins.margin_365d) as double) / nullif(count(margins.margin_365d), 0) / 12
            as margin_month_mean
    from members
    left join {{ ref('mart_clv') }} as clv on members.customer_id = clv.customer_id
    left join {{ ref('int_clv__margins_measured') }} as margins
        on members.customer_id = margins.customer_id
    group by members.calendar_year, members.dimension, members.member
),

joined as (
    select
        coalesce(costs.calendar_year, gained.calendar_year) as calendar_year,
        coalesce(costs.dimension, gained.dimension) as dimension,
        coalesce(costs.member, gained.member) as member,
        costs.spend,
        gained.new_customers,
        cast(costs.spend as double) / nullif(gained.new_customers, 0) as cac,
        gained.clv_profit_mean,
        gained.margin_month_mean
    from costs
    full outer join gained
        on
            costs.calendar_year = gained.calendar_year
            and costs.dimension = gained.dimension
            and costs.member = gained.member
)

select
    cast(joined.calendar_year as integer) as year,
    joined.dimension,
    joined.member,
    cast(joined.spend as decimal(18, 2)) as acquisition_spend,
    cast(joined.new_customers as integer) as new_customers,
    joined.cac,
    industry.cac as industry_cac,
    round(joined.cac, 6) <= round(industry.cac * rules.cac_efficient_ratio, 6) as is_efficient,
    joined.clv_profit_mean,
    joined.clv_profit_mean / nullif(joined.cac, 0) as clv_to_cac,
    case
        when joined.margin_month_mean > 0 then joined.cac / joined.margin_month_mean
    end as payback_months,
    case
        when joined.spend is null then 'no cost of winning customers was booked'
        when joined.new_customers is null then 'nobody is known to have come by it'
        when industry.cac is null then 'no figure of the industry'
        when joined.clv_profit_mean is null then 'no lifetime value is known'
    end as reason,
    context.chain_currency as currency,
    context.as_of
from joined
cross join {{ ref('int_build__context_stated') }} as context
cross join {{ ref('int_economics__rules_dated') }} as rules
left join {{ ref('int_economics__industry_stated') }} as industry
    on joined.calendar_year = industry.calendar_year
