-- A table: the fits read it. A history counts days with a purchase, not receipts. The holdout
-- begins so many days before as_of and knows nothing later, but what is to be foretold.
{{ config(materialized='table') }}

with cuts as (
    select
        'now' as history,
        as_of as judged_date,
        cast(holdout_days as integer) as holdout_days
    from {{ ref('int_clv__rules_dated') }}
    union all
    select
        'holdout' as history,
        {{ add_days('as_of', '-cast(holdout_days as integer)') }} as judged_date,
        cast(holdout_days as integer) as holdout_days
    from {{ ref('int_clv__rules_dated') }}
),

marked as (
    select
        cuts.history,
        cuts.judged_date,
        days.customer_id,
        days.business_date,
        days.receipts > 0 as has_purchase,
        days.business_date <= cuts.judged_date as is_past,
        days.business_date <= cuts.judged_date
        and {{ days_between('days.business_date', 'cuts.judged_date') }} < cuts.holdout_days
            as is_earlier,
        days.business_date > cuts.judged_date
        and {{ days_between('cuts.judged_date', 'days.business_date') }} <= cuts.holdout_days
            as is_later,
        days.net_spend
    from {{ ref('int_sales__customer_days_summarised') }} as days
    cross join cuts
),

summed as (
    select
        history,
        customer_id,
        judged_date,
        min(case when is_past and has_purchase then business_date end) as first_date,
        max(case when is_past and has_purchase then business_date end) as last_date,
        count(case when is_past and has_purchase then 1 end) as purchase_days,
        count(case when is_past and has_purchase and net_spend > 0 then 1 end) as paid_purchases,
        sum(case when is_past and has_purchase and net_spend > 0 then net_spend end) as paid_spend,
        count(case when is_earlier and has_purchase then 1 end) as earlier_purchases,
        sum(case when is_earlier then net_spend else 0 end) as earlier_spend,
        count(case when is_later and has_purchase then 1 end) as later_purchases,
        sum(case when is_later then net_spend else 0 end) as later_spend
    from marked
    group by history, customer_id, judged_date
)

select
    history,
    customer_id,
    judged_date,
    first_date as first_purchase_date,
    cast(purchase_days - 1 as integer) as repeat_purchases,
    cast({{ days_between('first_date', 'last_date') }} as integer) as last_purchase_day,
    cast({{ days_between('first_date', 'judged_date') }} as integer) as age_days,
    cast(paid_purchases as integer) as paid_purchases,
    cast(paid_spend as double) / nullif(paid_purchases, 0) as mean_spend,
    cast(earlier_purchases as integer) as earlier_purchases,
    cast(earlier_spend as double) as earlier_spend,
    case when history = 'holdout' then cast(later_purchases as integer) end as later_purchases,
    case when history = 'holdout' then cast(later_spend as double) end as later_spend
from summed
where purchase_days > 0
