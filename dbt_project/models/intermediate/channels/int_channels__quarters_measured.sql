{% set answered_quarter = quarter_of('answers.responded_at_local') %}

-- Quarters that are over, for channels that sold or cost something in them. Cost is the actual
-- spend that names the channel in the chain's currency; that of a whole year is split by nothing.
-- What the buyers of the quarter say of us overall stands for the experience.
with quarters as (
    select {{ quarter_of('month_start') }} as quarter_start
    from {{ ref('int_build__months_listed') }}
    where is_closed
    group by {{ quarter_of('month_start') }}
    having count(*) = 3
),

buyers as (
    select
        channel,
        {{ quarter_of('business_date') }} as quarter_start,
        customer_id,
        sum(net_amount_chain) as net_sales
    from {{ ref('int_sales__lines_kept') }}
    group by channel, {{ quarter_of('business_date') }}, customer_id
),

sold as (
    select
        channel,
        quarter_start,
        sum(net_sales) as net_sales,
        count(customer_id) as customers
    from buyers
    group by channel, quarter_start
),

spent as (
    select
        spend.channel,
        {{ quarter_of('spend.period') }} as quarter_start,
        sum(spend.amount) as cost,
        sum(case when spend.purpose = 'incentive' then spend.amount end) as incentives
    from {{ ref('stg_reference__spend') }} as spend
    inner join {{ ref('int_build__context_stated') }} as context
        on spend.currency = context.chain_currency
    where
        spend.scenario = 'actual'
        and spend.channel is not null
        and spend.period_kind in ('month', 'quarter')
    group by spend.channel, {{ quarter_of('spend.period') }}
),

told as (
    select
        buyers.channel,
        buyers.quarter_start,
        count(distinct answers.respondent) as respondents,
        cast(sum(answers.score_100) as double) / count(answers.score_100) as csat_100
    from buyers
    inner join {{ ref('int_surveys__ratings_kept') }} as answers
        on
            buyers.customer_id = answers.customer_id
            and buyers.quarter_start = {{ answered_quarter }}
    where
        answers.role = 'satisfaction'
        and answers.dimension = 'overall'
        and answers.subject = 'own'
    group by buyers.channel, buyers.quarter_start
),

-- A channel that cost and sold nothing sold 0, not nothing known.
placed as (
    select
        coalesce(sold.channel, spent.channel) as channel,
        coalesce(sold.quarter_start, spent.quarter_start) as quarter_start,
        case when sold.channel is null then 0 else sold.net_sales end as net_sales,
        coalesce(sold.customers, 0) as customers,
        spent.cost,
        spent.incentives
    from sold
    full outer join spent
        on sold.channel = spent.channel and sold.quarter_start = spent.quarter_start
)

select
    placed.channel,
    placed.quarter_start,
    cast(
        extract(year from placed.quarter_start) * 4
        + extract(quarter from placed.quarter_start) as integer
    ) as quarter_no,
    placed.net_sales,
    placed.customers,
    placed.cost,
    placed.incentives,
    cast(placed.net_sales as double) / nullif(cast(placed.cost as double), 0) as efficiency,
    coalesce(channels.reach, placed.customers) as reach,
    case when channels.reach is not null then 'delivered' else 'known buyers' end as reach_basis,
    case when told.respondents >= rules.anonymity_min_cell then told.csat_100 end as csat_100
from placed
inner join quarters on placed.quarter_start = quarters.quarter_start
cross join {{ ref('int_channels__rules_dated') }} as rules
left join told
    on placed.channel = told.channel and placed.quarter_start = told.quarter_start
left join {{ ref('stg_reference__channels') }} as channels on placed.channel = channels.channel
