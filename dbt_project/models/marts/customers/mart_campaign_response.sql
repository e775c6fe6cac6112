-- By tier of the year of the contact, and for all. The opinion is what the contacted say of
-- marketing in the year of their contact.
with contacted as (
    select
        answered.campaign_id,
        answered.customer_id,
        answered.has_responded,
        answered.is_held_back,
        answered.contacted_date is not null as is_contacted,
        extract(year from coalesce(answered.contacted_date, answered.responded_date))
            as contact_year,
        coalesce(tiers.tier, 'UNRATED') as tier
    from {{ ref('int_customers__campaigns_answered') }} as answered
    left join {{ ref('mart_customer_tier') }} as tiers
        on
            answered.customer_id = tiers.customer_id
            and extract(year from coalesce(answered.contacted_date, answered.responded_date))
            = tiers.year
),

opinions as (
    select
        customer_id,
        calendar_year,
        sum(score_100) as score_sum,
        count(score_100) as answers
    from {{ ref('fct_survey_response') }}
    where customer_id is not null and dimension = 'marketing' and subject = 'own'
    group by customer_id, calendar_year
),

segments as (
    select
        *,
        tier as segment
    from contacted
    union all
    select
        *,
        'all' as segment
    from contacted
),

counted as (
    select
        segments.campaign_id,
        segments.segment,
        count(case when segments.is_contacted then 1 end) as customers_contacted,
        count(case when segments.has_responded then 1 end) as customers_responded,
        count(case when segments.is_held_back then 1 end) as responses_held_back,
        sum(case when segments.is_contacted then opinions.answers end) as opinion_answers,
        sum(case when segments.is_contacted then opinions.score_sum end) as opinion_sum
    from segments
    left join opinions
        on
            segments.customer_id = opinions.customer_id
            and segments.contact_year = opinions.calendar_year
    group by segments.campaign_id, segments.segment
)

select
    campaigns.campaign_id,
    campaigns.campaign_name,
    campaigns.kind,
    coalesce(counted.segment, 'all') as segment,
    cast(counted.customers_contacted as integer) as customers_contacted,
    cast(counted.customers_responded as integer) as customers_responded,
    cast(counted.customers_responded as double) / nullif(counted.customers_contacted, 0)
        as response_rate,
    cast(counted.responses_held_back as integer) as responses_held_back,
    {{ large_cell(
        'cast(counted.opinion_sum as double) / counted.opinion_answers',
        'counted.opinion_answers', 'limits.value_number'
    ) }} as opinion_mean_100,
    {{ large_cell(
        'cast(counted.opinion_answers as integer)', 'counted.opinion_answers', 'limits.value_number'
    ) }} as opinion_answers,
    case
        when counted.customers_contacted > 0 then 'measured'
        when counted.campaign_id is not null then 'nobody contacted'
        else 'no data'
    end as status,
    coverage.coverage_pct,
    context.as_of
from {{ ref('int_customers__campaigns_listed') }} as campaigns
cross join {{ ref('int_build__context_stated') }} as context
cross join {{ ref('int_sales__coverage_totalled') }} as coverage
inner join {{ ref('int_parameters__periods_dated') }} as limits
    on
        limits.code = 'anonymity_min_cell'
        and context.as_of >= limits.valid_from
        and context.as_of < limits.valid_before
left join counted on campaigns.campaign_id = counted.campaign_id
