with latest as (
    select
        customer_id,
        lost_date,
        returned_date,
        net_spend_year_before,
        value_band,
        store_id,
        row_number() over (partition by customer_id order by lost_date desc) as place,
        count(*) over (partition by customer_id) as times_lost
    from {{ ref('int_churn__losses_found') }}
)

select
    signals.customer_id,
    case
        when latest.lost_date is not null and latest.returned_date is null then 'lost'
        when
            signals.days_since_purchase > rules.warning_days
            or coalesce(
                signals.gap_ratio >= rules.warning_gap_ratio
                and signals.days_since_purchase >= rules.warning_min_days,
                false
            )
            then 'warning'
        else 'buying'
    end as state,
    signals.last_purchase_date as last_purchase,
    signals.days_since_purchase as days_since,
    signals.median_gap_days,
    signals.gap_ratio,
    case when latest.returned_date is null then latest.lost_date end as churned_at,
    latest.returned_date as returned_at,
    cast(coalesce(latest.times_lost, 0) as integer) as times_lost,
    case when latest.returned_date is null then latest.net_spend_year_before end
        as net_spend_year_before,
    case when latest.returned_date is null then latest.value_band end as value_band,
    case when latest.returned_date is null then latest.store_id end as store_id,
    case when latest.lost_date is not null and latest.returned_date is null then reasons.reason end
        as reason,
    names.name_zh as reason_zh,
    case
        when latest.lost_date is not null and latest.returned_date is null
            then reasons.reason_source
    end as reason_source,
    case when latest.returned_date is null then reasons.evidence end as reason_evidence,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_churn__signals_measured') }} as signals
cross join {{ ref('int_churn__rules_dated') }} as rules
cross join {{ ref('int_build__context_stated') }} as context
left join latest on signals.customer_id = latest.customer_id and latest.place = 1
left join {{ ref('int_churn__reasons_found') }} as reasons
    on latest.customer_id = reasons.customer_id and latest.lost_date = reasons.lost_date
left join {{ ref('int_churn__reasons_listed') }} as names
    on reasons.reason = names.reason and latest.returned_date is null
where signals.moment = 'now'
