-- Months are counted back from the day of judgement by its day of the month, so that no month is
-- cut short. The first day looked at is a column, so that the outer join is one by keys.
with aged as (
    select
        purchases.*,
        {{ months_between('purchases.first_purchase_date', 'purchases.judged_date') }} + 1
            as months,
        rules.trend_months,
        rules.trend_min_receipts,
        {{ add_days(
            'purchases.judged_date', 'cast(-31 * greatest(12, 2 * rules.trend_months) as integer)'
        ) }} as looked_from
    from {{ ref('int_lifecycle__purchases_summarised') }} as purchases
    cross join {{ ref('int_lifecycle__rules_dated') }} as rules
),

spans as (
    select
        customer_id,
        judged_date,
        is_as_of,
        first_purchase_date,
        last_purchase_date,
        receipts,
        receipts_in_window,
        reactivated_date,
        trend_min_receipts,
        looked_from,
        cast(least(trend_months, floor(months / 2.0)) as integer) as trend_span,
        cast(least(4, floor(months / 3.0)) as integer) as quarters
    from aged
),

days as (
    select
        spans.*,
        {{ months_between('days.business_date', 'spans.judged_date') }} as months_ago,
        days.receipts as day_receipts,
        days.net_spend,
        days.discount_amount
    from spans
    left join {{ ref('int_sales__customer_days_summarised') }} as days
        on
            spans.customer_id = days.customer_id
            and spans.judged_date >= days.business_date
            and spans.looked_from <= days.business_date
),

-- One pass over the days: what is told of quarters and of months adds up from the same rows.
volumes as (
    select
        customer_id,
        judged_date,
        is_as_of,
        first_purchase_date,
        last_purchase_date,
        receipts,
        receipts_in_window,
        reactivated_date,
        trend_min_receipts,
        trend_span,
        quarters,
        {% for quarter in range(4) %}
        cast(
            sum(
                case
                    when quarters > {{ quarter }} and floor(months_ago / 3.0) = {{ quarter }}
                        then net_spend
                end
            ) as decimal(18, 2)
        ) as quarter_{{ quarter }},
        {% endfor %}
        sum(case when months_ago < trend_span then net_spend else 0 end) as recent_spend,
        sum(
            case
                when months_ago >= trend_span and months_ago < 2 * trend_span then net_spend
                else 0
            end
        ) as earlier_spend,
        sum(case when months_ago < 2 * trend_span then day_receipts else 0 end)
            as compared_receipts,
        sum(case when months_ago < 12 then discount_amount end) as discount_12_months,
        sum(case when months_ago < 12 then net_spend + discount_amount end) as gross_12_months
    from days
    group by
        customer_id,
        judged_date,
        is_as_of,
        first_purchase_date,
        last_purchase_date,
        receipts,
        receipts_in_window,
        reactivated_date,
        trend_min_receipts,
        trend_span,
        quarters
),

totals as (
    select
        *,
        cast(
            {% for quarter in range(4) %}
            coalesce(quarter_{{ quarter }}, 0){{ ' +' if not loop.last }}
            {% endfor %}
            as double
        ) as total,
        cast(
            {% for quarter in range(4) %}
            coalesce(quarter_{{ quarter }} * quarter_{{ quarter }}, 0){{ ' +' if not loop.last }}
            {% endfor %}
            as double
        ) as sum_of_squares
    from volumes
)

select
    customer_id,
    judged_date,
    is_as_of,
    first_purchase_date,
    last_purchase_date,
    receipts,
    receipts_in_window,
    reactivated_date,
    cast({{ days_between('first_purchase_date', 'judged_date') }} as integer) as tenure_days,
    cast({{ days_between('last_purchase_date', 'judged_date') }} as integer)
        as days_since_purchase,
    trend_span as trend_months,
    case
        when earlier_spend > 0 and compared_receipts >= trend_min_receipts
            then cast(recent_spend as double) / cast(earlier_spend as double)
    end as spend_trend,
    case
        when quarters >= 2 and total > 0
            then sqrt(greatest(quarters * sum_of_squares / (total * total) - 1, 0))
    end as spend_variation,
    case
        when gross_12_months > 0
            then cast(discount_12_months as double) / cast(gross_12_months as double)
    end as discount_share
from totals
