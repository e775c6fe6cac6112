select
    buyers.customer_id,
    cast(scores.clv_profit_forward as decimal(18, 2)) as clv_profit_forward,
    cast(scores.clv_revenue_lifetime as decimal(18, 2)) as clv_revenue_lifetime,
    cast(scores.profit_if_alive as decimal(18, 2)) as profit_if_alive,
    scores.horizon_days,
    scores.assumptions_version,
    case
        when scores.customer_id is null then coalesce(models.note, 'no model was fitted')
        when scores.clv_profit_forward is null then scores.margin_basis
    end as missing_reason,
    scores.alive_probability,
    scores.silent_probability as churn_probability,
    scores.next_purchase_date,
    case
        when scores.customer_id is not null and scores.next_purchase_date is null
            then 'more likely gone than still buying'
    end as next_purchase_missing_reason,
    scores.purchases_90_days as expected_purchases_90d,
    cast(scores.spend_90_days as decimal(18, 2)) as expected_spend_90d,
    scores.purchases_1_year as expected_purchases_1y,
    cast(scores.spend_1_year as decimal(18, 2)) as expected_spend_1y,
    cast(scores.spend_per_purchase as decimal(18, 2)) as expected_spend_per_purchase,
    scores.yearly_retention,
    scores.margin_share,
    scores.margin_basis,
    models.model_version,
    models.error_value as backtest_error,
    models.naive_error_value as backtest_naive_error,
    models.error_measure as backtest_measure,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_customers__first_purchases_dated') }} as buyers
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_clv__values_discounted') }} as scores
    on buyers.customer_id = scores.customer_id
left join {{ ref('int_clv__models_registered') }} as models
    on models.model_name = 'lifetime_spend'
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on extract(year from context.as_of) = coverage.calendar_year
