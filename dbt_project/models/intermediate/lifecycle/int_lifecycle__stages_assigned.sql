with judged as (
    select
        measures.*,
        rules.decline_silent_days,
        rules.churn_days,
        case
            when measures.days_since_purchase > rules.decline_silent_days then 'silent'
            when measures.receipts <= rules.exploration_max_receipts then 'few receipts'
            when measures.spend_trend <= rules.decline_trend_max then 'falling'
            when measures.spend_trend >= rules.growth_trend_min then 'growing'
            when
                measures.tenure_days >= rules.stable_min_tenure_days
                and measures.spend_variation <= rules.stable_max_variation
                and coalesce(measures.discount_share, 0) <= rules.stable_max_discount_share
                then 'steady'
            else 'unsettled'
        end as finding,
        case
            when measures.days_since_purchase > rules.churn_days then 'lost'
            when measures.receipts_in_window >= rules.active_min_receipts then 'active'
            when
                {{ days_between('measures.reactivated_date', 'measures.judged_date') }}
                <= rules.active_window_days
                then 'active'
            else 'purchase'
        end as stage5
    from {{ ref('int_lifecycle__measures_taken') }} as measures
    cross join {{ ref('int_lifecycle__rules_dated') }} as rules
)

select
    customer_id,
    judged_date,
    is_as_of,
    case
        when finding in ('silent', 'falling') then 'decline'
        when finding = 'few receipts' then 'exploration'
        when finding = 'steady' then 'stability'
        else 'formation'
    end as stage4,
    case
        when finding = 'silent'
            then 'no purchase for ' || cast(days_since_purchase as string) || ' days'
        when finding = 'few receipts'
            then cast(receipts as string) || ' receipt(s) so far'
        when finding in ('falling', 'growing')
            then
                'spend of the last ' || cast(trend_months as string) || ' month(s) is '
                || cast(cast(spend_trend as decimal(18, 2)) as string) || ' times the span before'
        when finding = 'steady'
            then
                'quarterly spend varies by '
                || cast(cast(spend_variation as decimal(18, 2)) as string) || ' of its mean over '
                || cast(tenure_days as string) || ' days'
        else 'bought repeatedly, volume not yet steady'
    end as stage4_reason,
    case
        when finding = 'silent'
            then {{ add_days('last_purchase_date', 'decline_silent_days + 1') }}
        when finding = 'few receipts' and reactivated_date is null then first_purchase_date
    end as stage4_since,
    stage5,
    case
        when stage5 = 'lost'
            then 'no purchase for ' || cast(days_since_purchase as string) || ' days'
        when stage5 = 'active' and receipts_in_window = 1 then 'bought again after being lost'
        else cast(receipts_in_window as string) || ' receipt(s) in the window'
    end as stage5_reason,
    case
        when stage5 = 'lost' then {{ add_days('last_purchase_date', 'churn_days + 1') }}
        when stage5 = 'purchase' and receipts = 1 then first_purchase_date
        when stage5 = 'active' and receipts_in_window = 1 then reactivated_date
    end as stage5_since,
    reactivated_date,
    tenure_days,
    days_since_purchase,
    receipts,
    spend_trend,
    spend_variation,
    discount_share
from judged
