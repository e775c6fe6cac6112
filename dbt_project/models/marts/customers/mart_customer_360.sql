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

contacts as (
    select
        customer_id,
        max(contact_date) as last_contact_date
    from {{ ref('int_tiers__key_contacts_dated') }}
    group by customer_id
),

referrals as (
    select
        referrer_id as customer_id,
        cast(count(*) as integer) as referrals
    from {{ ref('dim_customer') }}
    where referrer_id is not null
    group by referrer_id
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
    ages.age,
    coalesce(ages.age_band, 'UNKNOWN') as age_band,
    customers.occupation,
    customers.education,
    customers.income_band,
    customers.household,
    customers.city,
    customers.member_level,
    customers.has_marketing_consent,
    coalesce(planned.is_contactable, false) as is_contactable,
    coalesce(planned.consent_basis, 'not in the member list') as consent_basis,
    planned.contact_channel,
    planned.contact_window,
    planned.contact_window_basis,
    contacts.last_contact_date,
    spending.first_purchase_date,
    spending.last_purchase_date,
    lifecycle.days_since_purchase,
    case when coverage.has_sales then coalesce(spending.receipts, 0) end as receipts,
    case when coverage.has_sales and spending.customer_id is null then 0 else spending.net_spend end
        as net_spend,
    case when coverage.has_sales then coalesce(last_year.receipts_365d, 0) end as receipts_365d,
    case
        when coverage.has_sales and last_year.customer_id is null then 0
        else last_year.net_spend_365d
    end as net_spend_365d,
    {{ decimal_of('cast(spending.net_spend as double) / nullif(spending.receipts, 0)', 2) }}
        as net_spend_per_receipt,
    spending.discount_amount,
    spending.refund_amount,
    spending.lines_without_rate,
    cast(
        cast(last_year.items_365d as double) / nullif(last_year.receipts_365d, 0)
        as decimal(18, 2)
    ) as items_per_receipt_365d,
    habits.favourite_series,
    habits.favourite_series_share,
    habits.favourite_store_id,
    habits.favourite_store_id_share as favourite_store_share,
    habits.favourite_channel,
    habits.favourite_channel_share,
    habits.favourite_daypart,
    habits.favourite_daypart_share,
    cast(habits.favourite_weekday as integer) as favourite_weekday,
    habits.favourite_weekday_share,
    focus.value_focus,
    coalesce(focus.value_focus_basis, 'no data: importance not asked, nothing bought')
        as value_focus_basis,
    uses.buying_role,
    uses.buying_role_answered_date,
    uses.motive,
    uses.motive_answered_date,
    uses.occasion,
    uses.occasion_answered_date,
    valued.cost_of_goods,
    valued.margin,
    valued.service_cost,
    valued.contact_cost,
    valued.customer_value,
    valued.value_basis,
    valued.value_rank,
    valued.value_percentile,
    rfm.r as rfm_recency,
    rfm.f as rfm_frequency,
    rfm.m as rfm_spend,
    rfm.cell as rfm_cell,
    lifetime.expected_spend_1y,
    lifetime.clv_profit_forward,
    lifetime.clv_revenue_lifetime,
    lifetime.horizon_days as clv_horizon_days,
    case when lifetime.customer_id is null then 'never bought' else lifetime.missing_reason end
        as clv_missing_reason,
    lifetime.next_purchase_date,
    risks.score as churn_risk_score,
    risks.band as churn_risk_band,
    risks.drivers as churn_risk_drivers,
    risks.churn_probability,
    risks.model_drivers as churn_probability_drivers,
    case
        when risks.customer_id is not null then risks.model_missing_reason
        when lifecycle.stage5 = 'lost' then 'lost already'
        else 'never bought'
    end as churn_missing_reason,
    coalesce(referrals.referrals, 0) as referrals,
    indexed.potential_index,
    indexed.potential_index_basis,
    indexed.potential_index_version,
    indexed.stated_monthly_spend,
    grades.customer_class,
    grades.customer_class_reason,
    grades.composite_grade,
    grades.is_gold,
    grades.b_potential,
    grades.c_potential,
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
cross join {{ ref('int_sales__coverage_totalled') }} as coverage
cross join voices
inner join {{ ref('mart_lifecycle') }} as lifecycle
    on customers.customer_id = lifecycle.customer_id
left join spending on customers.customer_id = spending.customer_id
left join {{ ref('int_customers__last_year_summarised') }} as last_year
    on customers.customer_id = last_year.customer_id
left join {{ ref('int_customers__ages_banded') }} as ages
    on customers.customer_id = ages.customer_id
left join {{ ref('int_customers__contacts_planned') }} as planned
    on customers.customer_id = planned.customer_id
left join {{ ref('int_customers__habits_pivoted') }} as habits
    on customers.customer_id = habits.customer_id
left join {{ ref('int_customers__focus_judged') }} as focus
    on customers.customer_id = focus.customer_id
left join {{ ref('int_customers__uses_answered') }} as uses
    on customers.customer_id = uses.customer_id
left join {{ ref('int_customers__relations_valued') }} as valued
    on customers.customer_id = valued.customer_id
left join {{ ref('mart_rfm') }} as rfm on customers.customer_id = rfm.customer_id
left join {{ ref('mart_clv') }} as lifetime on customers.customer_id = lifetime.customer_id
left join {{ ref('mart_churn_risk') }} as risks on customers.customer_id = risks.customer_id
left join {{ ref('int_customers__potential_indexed') }} as indexed
    on customers.customer_id = indexed.customer_id
left join {{ ref('mart_customer_grade') }} as grades
    on customers.customer_id = grades.customer_id
left join contacts on customers.customer_id = contacts.customer_id
left join referrals on customers.customer_id = referrals.customer_id
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
