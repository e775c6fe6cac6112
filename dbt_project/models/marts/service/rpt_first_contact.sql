{% set answered = 'cast(answers.responded_at_local as date)' %}

-- The first purchase is the earliest that is known now: a backfill moves it. Whoever is too new to
-- have come again within the days is not judged.
with newcomers as (
    select
        firsts.customer_id,
        firsts.first_purchase_date,
        cast(extract(year from firsts.first_purchase_date) as integer) as calendar_year,
        {{ days_between('firsts.first_purchase_date', 'rules.as_of') }}
        >= rules.second_visit_days as is_judged
    from {{ ref('int_customers__first_purchases_dated') }} as firsts
    cross join {{ ref('int_service__rules_dated') }} as rules
),

returned as (
    select distinct newcomers.customer_id
    from newcomers
    cross join {{ ref('int_service__rules_dated') }} as rules
    inner join {{ ref('int_sales__customer_days_summarised') }} as days
        on
            newcomers.customer_id = days.customer_id
            and newcomers.first_purchase_date < days.business_date
            and {{ days_between('newcomers.first_purchase_date', 'days.business_date') }}
            <= rules.second_visit_days
    where days.receipts > 0
),

refunded as (
    select distinct newcomers.customer_id
    from newcomers
    inner join {{ ref('int_sales__lines_kept') }} as first_lines
        on
            newcomers.customer_id = first_lines.customer_id
            and newcomers.first_purchase_date = first_lines.business_date
    inner join {{ ref('int_sales__lines_kept') }} as refunds
        on
            first_lines.store_id = refunds.store_id
            and first_lines.receipt_id = refunds.refund_of
    where refunds.is_refund
),

told as (
    select
        newcomers.calendar_year,
        count(distinct answers.respondent) as respondents,
        cast(sum(answers.score_100) as double) / count(answers.score_100) as csat_100
    from newcomers
    cross join {{ ref('int_service__rules_dated') }} as rules
    inner join {{ ref('int_surveys__ratings_kept') }} as answers
        on
            newcomers.customer_id = answers.customer_id
            and newcomers.first_purchase_date <= {{ answered }}
            and {{ days_between('newcomers.first_purchase_date', answered) }}
            <= rules.first_answer_days
    where
        answers.role = 'satisfaction'
        and answers.dimension = 'overall'
        and answers.subject = 'own'
    group by newcomers.calendar_year
),

counted as (
    select
        newcomers.calendar_year,
        count(*) as newcomers,
        count(case when newcomers.is_judged then 1 end) as judged,
        count(case when newcomers.is_judged then returned.customer_id end) as returned,
        count(refunded.customer_id) as refunded
    from newcomers
    left join returned on newcomers.customer_id = returned.customer_id
    left join refunded on newcomers.customer_id = refunded.customer_id
    group by newcomers.calendar_year
)

select
    counted.calendar_year as year,
    cast(counted.newcomers as integer) as newcomers,
    cast(counted.judged as integer) as newcomers_judged,
    cast(counted.returned as double) / nullif(counted.judged, 0) as second_visit_rate,
    cast(counted.refunded as double) / counted.newcomers as refund_rate,
    case when told.respondents >= rules.anonymity_min_cell then told.csat_100 end
        as first_csat_100,
    case
        when told.respondents is null then 'no data: nobody answered'
        when told.respondents < rules.anonymity_min_cell then 'too few answers'
        else 'measured'
    end as first_csat_status,
    coverage.coverage_pct,
    rules.as_of
from counted
cross join {{ ref('int_service__rules_dated') }} as rules
left join told on counted.calendar_year = told.calendar_year
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on counted.calendar_year = coverage.calendar_year
