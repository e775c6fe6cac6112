-- A table: both stages and the marts read it.
{{ config(materialized='table') }}

with first_months as (
    select
        customer_id,
        max(months_ago) + 1 as months
    from {{ ref('int_lifecycle__months_summarised') }}
    where receipts > 0
    group by customer_id
),

spans as (
    select
        purchases.customer_id,
        purchases.first_purchase_date,
        purchases.last_purchase_date,
        purchases.receipts,
        purchases.receipts_in_window,
        purchases.reactivated_date,
        {{ days_between('purchases.first_purchase_date', 'rules.as_of') }} as tenure_days,
        {{ days_between('purchases.last_purchase_date', 'rules.as_of') }} as days_since_purchase,
        rules.trend_min_receipts,
        first_months.months,
        cast(least(rules.trend_months, floor(first_months.months / 2.0)) as integer) as trend_span,
        cast(least(4, floor(first_months.months / 3.0)) as integer) as quarters
    from {{ ref('int_lifecycle__purchases_summarised') }} as purchases
    cross join {{ ref('int_lifecycle__rules_dated') }} as rules
    inner join first_months on purchases.customer_id = first_months.customer_id
),

quarterly as (
    select
        months.customer_id,
        floor(months.months_ago / 3.0) as quarters_ago,
        cast(sum(months.net_spend) as decimal(18, 2)) as net_spend
    from {{ ref('int_lifecycle__months_summarised') }} as months
    inner join spans on months.customer_id = spans.customer_id
    where months.months_ago < 3 * spans.quarters
    group by months.customer_id, floor(months.months_ago / 3.0)
),

volumes as (
    select
        customer_id,
        cast(sum(net_spend) as double) as total,
        cast(sum(net_spend * net_spend) as double) as sum_of_squares
    from quarterly
    group by customer_id
),

recent as (
    select
        months.customer_id,
        sum(case when months.months_ago < spans.trend_span then months.net_spend else 0 end)
            as recent_spend,
        sum(
            case
                when
                    months.months_ago >= spans.trend_span
                    and months.months_ago < 2 * spans.trend_span
                    then months.net_spend
                else 0
            end
        ) as earlier_spend,
        sum(case when months.months_ago < 2 * spans.trend_span then months.receipts else 0 end)
            as compared_receipts,
        sum(case when months.months_ago < 12 then months.discount_amount end) as discount_12_months,
        sum(case when months.months_ago < 12 then months.net_spend + months.discount_amount end)
            as gross_12_months
    from {{ ref('int_lifecycle__months_summarised') }} as months
    inner join spans on months.customer_id = spans.customer_id
    group by months.customer_id
)

select
    spans.customer_id,
    spans.first_purchase_date,
    spans.last_purchase_date,
    spans.receipts,
    spans.receipts_in_window,
    spans.reactivated_date,
    cast(spans.tenure_days as integer) as tenure_days,
    cast(spans.days_since_purchase as integer) as days_since_purchase,
    spans.trend_span as trend_months,
    case
        when recent.earlier_spend > 0 and recent.compared_receipts >= spans.trend_min_receipts
            then cast(recent.recent_spend as double) / cast(recent.earlier_spend as double)
    end as spend_trend,
    case
        when spans.quarters >= 2 and volumes.total > 0
            then sqrt(
                greatest(
                    spans.quarters * volumes.sum_of_squares / (volumes.total * volumes.total) - 1, 0
                )
            )
    end as spend_variation,
    case
        when recent.gross_12_months > 0
            then cast(recent.discount_12_months as double) / cast(recent.gross_12_months as double)
    end as discount_share
from spans
left join recent on spans.customer_id = recent.customer_id
left join volumes on spans.customer_id = volumes.customer_id
