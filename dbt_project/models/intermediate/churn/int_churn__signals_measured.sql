-- A table: scores, fits and the back-test read it. Only what was known on the day of judgement
-- counts; the silence that followed it is told where it is over.
{{ config(materialized='table') }}

-- What was bought up to so many days before the day of judgement is taken off.
with dates as (
    select
        moments.moment,
        {{ add_days('moments.judged_date', '-cast(rules.frequency_window_days as integer)') }}
            as recent_date,
        {{ add_days('moments.judged_date', '-2 * cast(rules.frequency_window_days as integer)') }}
            as earlier_date,
        {{ add_days('moments.judged_date', -365) }} as year_date
    from {{ ref('int_churn__moments_stated') }} as moments
    cross join {{ ref('int_churn__rules_dated') }} as rules
),

{% for name in ['recent', 'earlier', 'year'] %}
before_{{ name }} as (
    select
        dates.moment,
        known.customer_id,
        known.receipts,
        known.net_spend
    from {{ ref('int_sales__customer_days_accumulated') }} as known
    inner join dates
        on known.business_date <= dates.{{ name }}_date and known.next_date > dates.{{ name }}_date
),

{% endfor %}
answers as (
    select
        dates.moment,
        answered.customer_id,
        answered.csat_100,
        answered.answered_date,
        row_number() over (
            partition by dates.moment, answered.customer_id
            order by answered.answered_date desc, answered.wave_id desc, answered.response_id desc
        ) as place
    from {{ ref('int_churn__satisfaction_dated') }} as answered
    inner join {{ ref('int_churn__moments_stated') }} as dates
        on answered.answered_date <= dates.judged_date
),

complaints as (
    select
        dates.moment,
        received.customer_id,
        count(*) as open_complaints
    from {{ ref('int_complaints__received_localised') }} as received
    left join {{ ref('int_complaints__steps_pivoted') }} as steps
        on received.complaint_id = steps.complaint_id
    inner join {{ ref('int_churn__moments_stated') }} as dates
        on
            cast(received.received_at_local as date) <= dates.judged_date
            and coalesce(cast(steps.resolved_at as date) > dates.judged_date, true)
    where received.customer_id is not null
    group by dates.moment, received.customer_id
)

select
    gaps.moment,
    gaps.judged_date,
    gaps.customer_id,
    gaps.first_purchase_date,
    gaps.last_purchase_date,
    gaps.purchase_days,
    cast({{ days_between('gaps.first_purchase_date', 'gaps.judged_date') }} as integer)
        as tenure_days,
    cast({{ days_between('gaps.last_purchase_date', 'gaps.judged_date') }} as integer)
        as days_since_purchase,
    case when gaps.gaps >= rules.warning_min_gaps then gaps.median_gap_days end as median_gap_days,
    case
        when gaps.gaps >= rules.warning_min_gaps and gaps.median_gap_days > 0
            then
                {{ days_between('gaps.last_purchase_date', 'gaps.judged_date') }}
                / gaps.median_gap_days
    end as gap_ratio,
    cast(gaps.receipts - coalesce(before_recent.receipts, 0) as integer) as receipts_recent,
    cast(
        coalesce(before_recent.receipts, 0) - coalesce(before_earlier.receipts, 0) as integer
    ) as receipts_earlier,
    cast(gaps.net_spend - coalesce(before_year.net_spend, 0) as decimal(18, 2)) as net_spend_365d,
    answers.csat_100,
    answers.answered_date as csat_date,
    cast(coalesce(complaints.open_complaints, 0) as integer) as open_complaints,
    versions.points_balance,
    case
        when gaps.moment <> 'now'
            then
                {{ days_between('gaps.judged_date', 'gaps.next_purchase_date') }}
                > rules.outlook_days
    end as has_fallen_silent
from {{ ref('int_churn__gaps_measured') }} as gaps
cross join {{ ref('int_churn__rules_dated') }} as rules
{% for name in ['recent', 'earlier', 'year'] %}
left join before_{{ name }}
    on
        gaps.customer_id = before_{{ name }}.customer_id
        and gaps.moment = before_{{ name }}.moment
{% endfor %}
left join answers
    on
        gaps.customer_id = answers.customer_id
        and gaps.moment = answers.moment
        and answers.place = 1
left join complaints
    on gaps.customer_id = complaints.customer_id and gaps.moment = complaints.moment
left join {{ ref('int_customers__versions_dated') }} as versions
    on
        gaps.customer_id = versions.customer_id
        and gaps.judged_date >= versions.valid_from
        and gaps.judged_date < coalesce(versions.valid_before, cast('9999-12-31' as date))
