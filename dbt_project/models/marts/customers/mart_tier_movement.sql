with tiers as (
    select
        customer_id,
        year,
        coalesce(tier, 'UNRATED') as tier,
        net_spend,
        currency,
        as_of
    from {{ ref('mart_customer_tier') }}
),

first_purchases as (
    select
        customer_id,
        min(year) as first_purchase_year
    from {{ ref('mart_customer_year') }}
    where receipts > 0
    group by customer_id
),

moves as (
    select
        now.customer_id,
        now.year,
        now.as_of,
        case
            when before.tier <> 'NONE' then before.tier
            when firsts.first_purchase_year = now.year then 'NEW'
            else 'NONE'
        end as from_tier,
        case when now.tier = 'NONE' then 'LOST' else now.tier end as to_tier,
        case when now.tier = 'NONE' then before.net_spend else now.net_spend end as net_spend,
        now.currency
    from tiers as now
    inner join first_purchases as firsts on now.customer_id = firsts.customer_id
    left join tiers as before
        on now.customer_id = before.customer_id and now.year = before.year + 1
    where now.tier <> 'NONE' or before.tier <> 'NONE'
)

select
    moves.year,
    moves.from_tier,
    moves.to_tier,
    cast(count(*) as integer) as customers,
    cast(sum(moves.net_spend) as decimal(18, 2)) as spend,
    max(coverage.coverage_pct) as coverage_pct,
    moves.currency,
    moves.as_of
from moves
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on moves.year = coverage.calendar_year
group by moves.year, moves.from_tier, moves.to_tier, moves.currency, moves.as_of
