-- The indicators of the factors. Spend is left out: it follows from receipts and their mean amount.
select
    customer_id,
    log_receipts,
    log_ticket,
    log_recency_days,
    log_tenure_days,
    full_price_share,
    series_bought,
    stores_visited,
    weekend_share
from {{ ref('int_segments__features_prepared') }}
where is_current
