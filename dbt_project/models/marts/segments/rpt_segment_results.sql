with spans as (
    select
        days.customer_id,
        sum(
            case
                when {{ days_between('days.business_date', 'rules.as_of') }} < rules.window_days
                    then days.net_spend
            end
        ) as net_spend,
        sum(
            case
                when {{ days_between('days.business_date', 'rules.as_of') }} < rules.window_days
                    then days.receipts
                else 0
            end
        ) as receipts,
        sum(
            case
                when {{ days_between('days.business_date', 'rules.as_of') }} >= rules.window_days
                    then days.receipts
                else 0
            end
        ) as receipts_before
    from {{ ref('int_sales__customer_days_summarised') }} as days
    cross join {{ ref('int_segments__rules_dated') }} as rules
    where
        {{ days_between('days.business_date', 'rules.as_of') }} < 2 * rules.window_days
    group by days.customer_id
),

targeted as (
    select
        contacts.customer_id,
        max(case when contacts.is_answered then 1 else 0 end) as has_answered
    from {{ ref('int_segments__contacts_answered') }} as contacts
    cross join {{ ref('int_segments__rules_dated') }} as rules
    where {{ days_between('contacts.contact_date', 'rules.as_of') }} < rules.window_days
    group by contacts.customer_id
),

coverage as (
    select
        cast(sum(identified_net_amount) as double)
        / nullif(cast(sum(total_net_amount) as double), 0) as coverage_pct
    from {{ ref('int_sales__coverage_measured') }}
),

contacts_known as (
    select count(*) > 0 as has_contacts from {{ ref('int_segments__contacts_answered') }}
),

satisfactions as (
    select
        answers.customer_id,
        sum(answers.score_100) as score_sum,
        count(answers.score_100) as answers
    from {{ ref('fct_survey_response') }} as answers
    cross join {{ ref('int_segments__rules_dated') }} as rules
    where
        answers.dimension = 'overall'
        and answers.subject = 'own'
        and answers.customer_id is not null
        and {{ days_between('cast(answers.responded_at_local as date)', 'rules.as_of') }}
        between 0 and rules.window_days - 1
    group by answers.customer_id
),

recommendations as (
    select
        answers.customer_id,
        count(*) as answers,
        count(case when answers.recommendation = 'promoter' then 1 end) as promoters,
        count(case when answers.recommendation = 'detractor' then 1 end) as detractors
    from {{ ref('int_surveys__recommendations_classed') }} as answers
    cross join {{ ref('int_segments__rules_dated') }} as rules
    where
        answers.customer_id is not null
        and {{ days_between('cast(answers.responded_at_local as date)', 'rules.as_of') }}
        between 0 and rules.window_days - 1
    group by answers.customer_id
),

counted as (
    select
        segments.method,
        segments.segment,
        count(*) as customers,
        sum(coalesce(spans.net_spend, 0)) as net_spend,
        count(case when spans.receipts > 0 then 1 end) as buyers,
        count(case when spans.receipts_before > 0 then 1 end) as buyers_before,
        count(case when spans.receipts_before > 0 and spans.receipts > 0 then 1 end) as kept,
        count(targeted.customer_id) as targeted,
        sum(targeted.has_answered) as answered,
        count(case when targeted.customer_id is not null and spans.receipts > 0 then 1 end)
            as targeted_buyers,
        sum(case when targeted.customer_id is not null then coalesce(spans.net_spend, 0) end)
            as targeted_spend,
        sum(satisfactions.score_sum) as score_sum,
        sum(satisfactions.answers) as answers,
        count(satisfactions.customer_id) as respondents,
        sum(recommendations.answers) as nps_answers,
        sum(recommendations.promoters) as promoters,
        sum(recommendations.detractors) as detractors,
        count(recommendations.customer_id) as nps_respondents
    from {{ ref('mart_segment') }} as segments
    left join spans on segments.customer_id = spans.customer_id
    left join targeted on segments.customer_id = targeted.customer_id
    left join satisfactions on segments.customer_id = satisfactions.customer_id
    left join recommendations on segments.customer_id = recommendations.customer_id
    group by segments.method, segments.segment
)

select
    counted.method,
    counted.segment,
    cast(counted.customers as integer) as customers,
    cast(counted.net_spend as decimal(18, 2)) as net_spend_365d,
    cast(counted.net_spend as double)
    / nullif(cast(sum(counted.net_spend) over (partition by counted.method) as double), 0)
        as spend_share,
    cast(counted.kept as double) / nullif(counted.buyers_before, 0) as retention_rate,
    {{ large_cell(
        'cast(counted.score_sum as double) / counted.answers', 'counted.respondents',
        'rules.anonymity_min_cell'
    ) }} as csat_mean_100,
    {{ large_cell(
        'cast(counted.respondents as integer)', 'counted.respondents', 'rules.anonymity_min_cell'
    ) }} as csat_respondents,
    {{ large_cell(
        '100 * cast(counted.promoters - counted.detractors as double) / counted.nps_answers',
        'counted.nps_respondents', 'rules.anonymity_min_cell'
    ) }} as nps,
    {{ large_cell(
        '100 * ' ~ share_difference_margin(
            'counted.promoters', 'counted.detractors', 'counted.nps_answers',
            'cast(survey_rules.nps_margin_z as double)'
        ),
        'counted.nps_respondents', 'rules.anonymity_min_cell'
    ) }} as nps_margin_of_error,
    case
        when counted.nps_respondents < rules.anonymity_min_cell then 'suppressed'
        when counted.nps_answers < survey_rules.nps_min_n then 'too few'
        else 'ok'
    end as nps_status,
    case when contacts_known.has_contacts then cast(counted.targeted as integer) end
        as targeted_customers,
    case
        when contacts_known.has_contacts
            then cast(counted.answered as double) / nullif(counted.targeted, 0)
    end as response_rate,
    case
        when contacts_known.has_contacts
            then cast(counted.targeted_buyers as double) / nullif(counted.targeted, 0)
    end as buying_share_targeted,
    case
        when contacts_known.has_contacts
            then
                cast(counted.buyers - counted.targeted_buyers as double)
                / nullif(counted.customers - counted.targeted, 0)
    end as buying_share_untargeted,
    case
        when contacts_known.has_contacts
            then {{ decimal_of(
                'cast(counted.targeted_spend as double) / nullif(counted.targeted, 0)', 2
            ) }}
    end as net_spend_per_targeted,
    case
        when contacts_known.has_contacts
            then {{ decimal_of(
                'cast(counted.net_spend - coalesce(counted.targeted_spend, 0) as double)'
                ~ ' / nullif(counted.customers - counted.targeted, 0)',
                2
            ) }}
    end as net_spend_per_untargeted,
    coverage.coverage_pct,
    case when contacts_known.has_contacts then 'measured' else 'no data' end as campaign_status,
    rules.chain_currency as currency,
    rules.as_of
from counted
cross join contacts_known
cross join coverage
cross join {{ ref('int_surveys__rules_dated') }} as survey_rules
cross join {{ ref('int_segments__rules_dated') }} as rules
