with spending as (
    select
        customer_id,
        min(first_purchase_date) as first_purchase_date,
        max(last_purchase_date) as last_purchase_date,
        cast(sum(receipts) as integer) as receipts,
        cast(sum(lines_without_rate) as integer) as lines_without_rate,
        cast(sum(net_spend) as decimal(18, 2)) as net_spend,
        cast(sum(discount_amount) as decimal(18, 2)) as discount_amount,
        cast(sum(refund_amount) as decimal(18, 2)) as refund_amount
    from {{ ref('int_customers__years_summarised') }}
    group by customer_id
),

year_to_date as (
    select
        days.customer_id,
        cast(sum(days.receipts) as integer) as receipts_365d,
        cast(sum(days.net_spend) as decimal(18, 2)) as net_spend_365d
    from {{ ref('int_sales__customer_days_summarised') }} as days
    inner join {{ ref('int_build__context_stated') }} as context
        on days.business_date > {{ add_days('context.as_of', -365) }}
    group by days.customer_id
),

surveys as (
    select
        customer_id,
        cast(count(distinct wave_id || ' ' || response_id) as integer) as survey_responses,
        max(cast(responded_at_local as date)) as last_survey_date
    from {{ ref('fct_survey_response') }}
    where customer_id is not null
    group by customer_id
),

complaints as (
    select
        complaints.customer_id,
        cast(count(*) as integer) as complaints,
        cast(count(case when complaints.is_open then 1 end) as integer) as open_complaints,
        cast(count(case when not (sla.met_response and sla.met_resolve) then 1 end) as integer)
            as sla_breaches,
        max(complaints.received_date) as last_complaint_date
    from {{ ref('fct_complaint') }} as complaints
    inner join {{ ref('mart_complaint_sla') }} as sla
        on complaints.complaint_id = sla.complaint_id
    where complaints.customer_id is not null
    group by complaints.customer_id
),

coverage as (
    select
        count(*) > 0 as has_sales,
        cast(sum(identified_net_amount) as double)
        / nullif(cast(sum(total_net_amount) as double), 0) as coverage_pct
    from {{ ref('int_sales__coverage_measured') }}
),

-- None where the feed has rows is 0; where it has none there is no data.
voices as (
    select
        (select count(*) from {{ ref('fct_survey_response') }}) > 0 as has_surveys,
        (select count(*) from {{ ref('fct_complaint') }}) > 0 as has_complaints
)

select
    customers.customer_id,
    customers.is_known,
    customers.first_seen_date,
    customers.member_since_date,
    customers.sex,
    customers.birth_year,
    customers.city,
    customers.member_level,
    customers.has_marketing_consent,
    spending.first_purchase_date,
    spending.last_purchase_date,
    lifecycle.days_since_purchase,
    case when coverage.has_sales then coalesce(spending.receipts, 0) end as receipts,
    case when coverage.has_sales and spending.customer_id is null then 0 else spending.net_spend end
        as net_spend,
    case when coverage.has_sales then coalesce(year_to_date.receipts_365d, 0) end as receipts_365d,
    case
        when coverage.has_sales and year_to_date.customer_id is null then 0
        else year_to_date.net_spend_365d
    end as net_spend_365d,
    cast(
        cast(spending.net_spend as double) / nullif(spending.receipts, 0) as decimal(18, 2)
    ) as net_spend_per_receipt,
    spending.discount_amount,
    spending.refund_amount,
    spending.lines_without_rate,
    tiers.tier,
    tiers.gap_flag,
    tiers_before.tier as tier_1_year_before,
    lifecycle.stage4,
    lifecycle.stage4_reason,
    lifecycle.stage5,
    lifecycle.reactivated_at,
    case when voices.has_surveys then coalesce(surveys.survey_responses, 0) end as survey_responses,
    surveys.last_survey_date,
    case when voices.has_complaints then coalesce(complaints.complaints, 0) end as complaints,
    case when voices.has_complaints then coalesce(complaints.open_complaints, 0) end
        as open_complaints,
    case when voices.has_complaints then coalesce(complaints.sla_breaches, 0) end as sla_breaches,
    complaints.last_complaint_date,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from {{ ref('dim_customer') }} as customers
cross join {{ ref('int_build__context_stated') }} as context
cross join coverage
cross join voices
inner join {{ ref('mart_lifecycle') }} as lifecycle
    on customers.customer_id = lifecycle.customer_id
left join spending on customers.customer_id = spending.customer_id
left join year_to_date on customers.customer_id = year_to_date.customer_id
left join surveys on customers.customer_id = surveys.customer_id
left join complaints on customers.customer_id = complaints.customer_id
left join {{ ref('mart_customer_tier') }} as tiers
    on
        customers.customer_id = tiers.customer_id
        and extract(year from context.as_of) = tiers.year
left join {{ ref('mart_customer_tier') }} as tiers_before
    on
        customers.customer_id = tiers_before.customer_id
        and extract(year from context.as_of) - 1 = tiers_before.year
