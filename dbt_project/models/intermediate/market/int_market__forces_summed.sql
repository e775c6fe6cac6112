-- Booked marketing money by force. A campaign's answers count for the force that took most of its
-- money; of equal parts pull goes first.
with costs as (
    select
        cast(extract(year from spend.period) as integer) as calendar_year,
        spend.market_force,
        spend.campaign_id,
        sum(spend.amount) as amount,
        count(*) as items
    from {{ ref('stg_reference__spend') }} as spend
    inner join {{ ref('int_build__context_stated') }} as context
        on spend.currency = context.chain_currency and spend.period <= context.as_of
    where spend.scenario = 'actual'
    group by
        cast(extract(year from spend.period) as integer), spend.market_force, spend.campaign_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by campaign_id
            order by
                amount desc,
                case market_force when 'pull' then 1 when 'push' then 2 else 3 end asc,
                calendar_year asc
        ) as place
    from costs
    where campaign_id is not null
),

answers as (
    select
        ranked.calendar_year,
        ranked.market_force,
        sum(measured.contacted) as contacted,
        sum(measured.responders) as responders
    from ranked
    inner join {{ ref('int_segments__campaigns_measured') }} as measured
        on ranked.campaign_id = measured.campaign_id
    where ranked.place = 1
    group by ranked.calendar_year, ranked.market_force
),

summed as (
    select
        calendar_year,
        market_force,
        sum(amount) as spend,
        sum(items) as items
    from costs
    group by calendar_year, market_force
)

select
    summed.calendar_year,
    summed.market_force,
    cast(summed.items as integer) as items,
    cast(summed.spend as decimal(18, 2)) as spend,
    cast(answers.contacted as integer) as contacted,
    cast(answers.responders as integer) as responders
from summed
left join answers
    on
        summed.calendar_year = answers.calendar_year
        and summed.market_force = answers.market_force
