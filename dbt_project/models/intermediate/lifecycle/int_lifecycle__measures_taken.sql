-- A table: both stages and the marts read it.
{{ config(materialized='table') }}

with aged as (
    select
        purchases.*,
        {{ months_between('purchases.first_purchase_date', 'purchases.judged_date') }} + 1
            as months,
        rules.trend_months,
        rules.trend_min_receipts
    from {{ ref('int_lifecycle__purchases_summarised') }} as purchases
    cross join {{ ref('int_lifecycle__rules_dated') }} as rules
),

spans as (
    select
        *,
        {{ days_between('first_purchase_date', 'judged_date') }} as tenure_days,
        {{ days_between('last_purchase_date', 'judged_date') }} as days_since_purchase,
        cast(least(trend_months, floor(months / 2.0)) as integer) as trend_span,
        cast(least(4, floor(months / 3.0)) as integer) as quarters
    from aged
),

quarterly as (
    select
        months.customer_id,
        months.judged_date,
        floor(months.months_ago / 3.0) as quarters_ago,
        cast(sum(months.net_spend) as decimal(18, 2)) as net_spend
    from {{ ref('int_lifecycle__months_summarised') }} as months
    inner join spans
        on months.customer_id = spans.customer_id and months.judged_date = spans.judged_date
    where months.months_ago < 3 * spans.quarters
    group by months.customer_id, months.judged_date, floor(months.months_ago / 3.0)
),

volumes as (
    select
        customer_id,
        judged_date,
        cast(sum(net_spend) as double) as total,
        cast(sum(net_spend * net_spend) as double) as sum_of_squares
    from quarterly
    group by customer_id, judged_date
),

recent as (
    select
        months.customer_id,
        months.judged_date,
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
    inner join spans
        on months.customer_id = spans.customer_id and months.judged_date = spans.judged_date
    group by months.customer_id, months.judged_date
)

select
    spans.customer_id,
    spans.judged_date,
    spans.is_as_of,
    spans.is_in_history,
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
left join recent
    on spans.customer_id = recent.customer_id and spans.judged_date = recent.judged_date
left join volumes
    on spans.customer_id = volumes.customer_id and spans.judged_date = volumes.judged_date
