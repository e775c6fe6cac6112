-- What the analyses look at. Counts and amounts by their logarithm, as they are skewed; an amount
-- below 0 counts as 0.
select
    measured_to,
    is_current,
    customer_id,
    cast(next_spend as double) as next_spend,
    ln(1 + receipts_window) as log_receipts,
    ln(1 + greatest(cast(net_spend_window as double), 0)) as log_spend,
    ln(1 + greatest(cast(net_spend as double), 0) / receipts) as log_ticket,
    ln(1 + recency_days) as log_recency_days,
    ln(1 + tenure_days) as log_tenure_days,
    full_price_share,
    cast(series_bought as double) as series_bought,
    cast(stores_visited as double) as stores_visited,
    weekend_share
from {{ ref('int_segments__buyers_measured') }}
