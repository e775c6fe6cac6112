-- A table: percentages of rank among all who ever bought are dear. The score is rounded so that
-- equal ranks are equal, and the spend decides between them. Gold is the mean rank of recency,
-- frequency, spend and the spend that is expected; of the first three where no forecast was fitted.
{{ config(materialized='table') }}

with attitudes as (
    select
        customer_id,
        cast(sum(score_sum) as double) / sum(answers) as attitude_mean_100
    from {{ ref('int_surveys__attitudes_summarised') }}
    where customer_id is not null
    group by customer_id
),

parts as (
    select
        bought.customer_id,
        bought.receipts_365d,
        bought.active_months,
        coalesce(bought.net_spend_365d, 0) as net_spend_365d,
        {{ days_between('bought.last_purchase_date', 'rules.as_of') }} as days_since_purchase,
        percent_rank() over (order by coalesce(bought.net_spend_365d, 0) asc) as value_part,
        percent_rank() over (order by bought.receipts_365d asc) as frequency_part,
        percent_rank() over (order by bought.last_purchase_date asc) as recency_part,
        percent_rank() over (
            order by cast(coalesce(forecasts.spend_1_year, 0) as decimal(18, 2)) asc
        ) as predicted_part,
        cast(forecasts.spend_1_year as decimal(18, 2)) as predicted_spend,
        count(forecasts.customer_id) over () > 0 as has_forecasts,
        case
            when attitudes.attitude_mean_100 is null
                then least(cast(bought.active_months as double) / 12, 1)
            else
                (
                    least(cast(bought.active_months as double) / 12, 1)
                    + attitudes.attitude_mean_100 / 100
                ) / 2
        end as loyalty_part,
        coalesce(cast(potential.potential_index as double), 0) / 100 as potential_part,
        cast(rules.composite_weight_value as double) as weight_value,
        cast(rules.composite_weight_frequency as double) as weight_frequency,
        cast(rules.composite_weight_loyalty as double) as weight_loyalty,
        cast(rules.composite_weight_potential as double) as weight_potential,
        rules.gold_top_share
    from {{ ref('int_customers__last_year_summarised') }} as bought
    cross join {{ ref('int_grading__rules_stated') }} as rules
    left join attitudes on bought.customer_id = attitudes.customer_id
    left join {{ ref('int_customers__potential_indexed') }} as potential
        on bought.customer_id = potential.customer_id
    left join {{ ref('int_clv__values_discounted') }} as forecasts
        on bought.customer_id = forecasts.customer_id
    where bought.last_purchase_date is not null
),

scored as (
    select
        *,
        weight_value * value_part
        + weight_frequency * frequency_part
        + weight_loyalty * cast(loyalty_part as double)
        + weight_potential * potential_part as composite_score,
        cast((recency_part + frequency_part + value_part) / 3 as decimal(12, 9)) as rfm_score,
        cast(
            case
                when has_forecasts
                    then (recency_part + frequency_part + value_part + predicted_part) / 4
                else (recency_part + frequency_part + value_part) / 3
            end as decimal(12, 9)
        ) as gold_score
    from parts
),

ranked as (
    select
        *,
        row_number() over (
            order by
                case when receipts_365d > 0 then 0 else 1 end asc,
                gold_score desc,
                net_spend_365d desc,
                customer_id asc
        ) as gold_place,
        count(case when receipts_365d > 0 then 1 end) over () as buyers_365d
    from scored
)

select
    customer_id,
    value_part,
    frequency_part,
    loyalty_part,
    potential_part,
    composite_score,
    cast(least(floor(5 * composite_score) + 1, 5) as integer) as composite_grade,
    rfm_score,
    case when has_forecasts then predicted_part end as predicted_part,
    gold_score,
    receipts_365d > 0 and gold_place <= ceil(buyers_365d * gold_top_share) as is_gold,
    case
        when receipts_365d > 0 and gold_place <= ceil(buyers_365d * gold_top_share)
            then
                'place ' || cast(gold_place as string) || ' of ' || cast(buyers_365d as string)
                || ' buyers: last purchase ' || cast(days_since_purchase as string)
                || ' day(s) ago, ' || cast(receipts_365d as string) || ' receipts and '
                || cast(net_spend_365d as string) || ' spent in 365 days, '
                || coalesce(
                    cast(predicted_spend as string) || ' expected in the next 365',
                    'no forecast'
                )
    end as gold_reason
from ranked
