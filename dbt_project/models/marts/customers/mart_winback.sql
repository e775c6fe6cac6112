-- Lost customers worth winning back, by value and reason. The value is that of the customer once
-- won back: what a customer with this history is worth who is known to be alive.
with valued as (
    select
        churn.customer_id,
        churn.value_band,
        churn.net_spend_year_before,
        churn.churned_at,
        churn.days_since,
        coalesce(churn.reason, 'unknown') as reason,
        churn.reason_source,
        churn.reason_evidence,
        clv.clv_profit_forward as residual_value,
        clv.profit_if_alive as value_if_won_back,
        cast(rules.winback_cost as decimal(18, 2)) as winback_cost,
        churn.currency,
        churn.as_of
    from {{ ref('mart_churn') }} as churn
    cross join {{ ref('int_churn__rules_dated') }} as rules
    left join {{ ref('mart_clv') }} as clv on churn.customer_id = clv.customer_id
    inner join {{ ref('int_customers__consents_judged') }} as consents
        on churn.customer_id = consents.customer_id
    where churn.state = 'lost' and consents.is_contactable
),

listed as (
    select
        valued.*,
        reasons.name_zh as reason_zh,
        coalesce(reasons.is_service_or_product, false) as is_service_or_product,
        coalesce(reasons.approach, 'Ask why, then invite') as approach,
        case
            when valued.value_band = 'A' and coalesce(reasons.is_service_or_product, false) then 1
            when valued.value_band = 'A' then 2
            when valued.value_band = 'B' and coalesce(reasons.is_service_or_product, false) then 3
            when valued.value_band = 'B' then 4
            else 5
        end as priority
    from valued
    left join {{ ref('dim_churn_reason') }} as reasons on valued.reason = reasons.reason
    where
        valued.value_if_won_back >= valued.winback_cost
        or (valued.value_if_won_back is null and valued.value_band in ('A', 'B'))
)

select
    customer_id,
    cast(
        row_number() over (
            order by
                priority asc,
                value_if_won_back desc nulls last,
                net_spend_year_before desc,
                customer_id asc
        ) as integer
    ) as place,
    priority,
    value_band,
    reason,
    reason_zh,
    reason_source,
    approach,
    'lost since ' || cast(churned_at as string) || ', ' || cast(days_since as string)
    || ' days without a purchase; ' || cast(net_spend_year_before as string) || ' ' || currency
    || ' in the year before; '
    || case
        when value_if_won_back is null then 'future value not known'
        else
            'worth ' || cast(value_if_won_back as string) || ' ' || currency
            || ' if won back at a cost of ' || cast(winback_cost as string)
    end
    || coalesce('; ' || reason_evidence, '') as why,
    net_spend_year_before,
    residual_value,
    value_if_won_back,
    winback_cost,
    churned_at,
    currency,
    as_of
from listed
