-- The margin of a year while the customer stays, m, is earned from next year on with the yearly
-- retention r and discounted at d: m r / (1 + d - r) without end. The forecast of the next year
-- holds the retention already: it is m r. And r is the forecast of the second year over that of the
-- first. Who is known to be alive has the forecast of the alive.
with chain as (
    select max(chain_margin_share) as margin_share
    from {{ ref('int_clv__margins_measured') }}
),

sold as (
    select
        customer_id,
        cast(net_spend as double) as spend_to_date
    from {{ ref('int_sales__customer_days_accumulated') }}
    where next_date = cast('9999-12-31' as date)
),

stated as (
    select
        scores.*,
        sold.spend_to_date,
        scores.purchases_1_year * scores.spend_per_purchase as spend_1_year,
        case
            when scores.purchases_1_year > 0
                then least(
                    (scores.purchases_2_years - scores.purchases_1_year) / scores.purchases_1_year,
                    1
                )
        end as retention,
        coalesce(margins.own_margin_share, chain.margin_share) as margin_share,
        case
            when margins.own_margin_share is not null then 'own margin of the last year'
            when chain.margin_share is not null then 'margin of the chain'
            else 'no unit costs'
        end as margin_basis,
        rules.as_of,
        rules.discount_rate,
        rules.horizon_days,
        rules.alive_min,
        rules.version
    from {{ ref('int_clv__customers_scored') }} as scores
    cross join {{ ref('int_clv__rules_dated') }} as rules
    cross join chain
    left join {{ ref('int_clv__margins_measured') }} as margins
        on scores.customer_id = margins.customer_id
    left join sold on scores.customer_id = sold.customer_id
)

select
    customer_id,
    alive_probability,
    silent_probability,
    case
        when alive_probability >= alive_min
            then {{ add_days('as_of', 'cast(ceil(median_wait_days) as integer)') }}
    end as next_purchase_date,
    purchases_90_days,
    purchases_1_year,
    spend_per_purchase,
    purchases_90_days * spend_per_purchase as spend_90_days,
    spend_1_year,
    retention as yearly_retention,
    margin_share,
    margin_basis,
    margin_share * spend_1_year / nullif(retention, 0) as margin_while_kept,
    margin_share * spend_1_year
    / (1 + cast(discount_rate as double) - coalesce(retention, 0)) as clv_profit_forward,
    coalesce(spend_to_date, 0) + purchases_horizon * spend_per_purchase as clv_revenue_lifetime,
    purchases_horizon * spend_per_purchase as spend_horizon,
    margin_share * purchases_1_year_if_alive * spend_per_purchase
    / (1 + cast(discount_rate as double) - coalesce(retention, 0)) as profit_if_alive,
    cast(horizon_days as integer) as horizon_days,
    cast(cast(version as integer) as string) as assumptions_version
from stated
