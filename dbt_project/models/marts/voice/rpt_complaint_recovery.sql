-- A complainer of a year counts once, from the first complaint of the year; a peer bought in the
-- year and did not complain in it, from the first purchase of the year. Windows still running at
-- as_of are left out.
with complained as (
    select
        customer_id,
        cast(extract(year from received_date) as integer) as year,
        min(received_date) as start_date
    from {{ ref('fct_complaint') }}
    where customer_id is not null
    group by customer_id, cast(extract(year from received_date) as integer)
),

bought as (
    select
        customer_id,
        cast(extract(year from business_date) as integer) as year,
        min(business_date) as start_date
    from {{ ref('int_sales__customer_days_summarised') }}
    where receipts > 0
    group by customer_id, cast(extract(year from business_date) as integer)
),

watched as (
    select
        'complainer' as kind,
        customer_id,
        year,
        start_date
    from complained
    union all
    select
        'peer' as kind,
        bought.customer_id,
        bought.year,
        bought.start_date
    from bought
    left join complained
        on bought.customer_id = complained.customer_id and bought.year = complained.year
    where complained.customer_id is null
),

followed as (
    select
        watched.kind,
        watched.year,
        watched.customer_id,
        max(case when days.business_date is not null then 1 else 0 end) as came_back
    from watched
    cross join {{ ref('int_feedback__rules_dated') }} as rules
    left join {{ ref('int_sales__customer_days_summarised') }} as days
        on
            watched.customer_id = days.customer_id
            and days.receipts > 0
            and watched.start_date < days.business_date
            and days.business_date <= {{ add_days(
                'watched.start_date', 'cast(rules.complaint_repurchase_days as integer)'
            ) }}
    where
        {{ add_days('watched.start_date', 'cast(rules.complaint_repurchase_days as integer)') }}
        <= rules.as_of
    group by watched.kind, watched.year, watched.customer_id
),

returned as (
    select
        year,
        count(case when kind = 'complainer' then 1 end) as complainers,
        sum(case when kind = 'complainer' then came_back end) as complainers_back,
        count(case when kind = 'peer' then 1 end) as peers,
        sum(case when kind = 'peer' then came_back end) as peers_back
    from followed
    group by year
),

told_before as (
    select
        complaints.complaint_id,
        sum(cast(answers.score_100 as double)) / count(answers.score_100) as csat_before
    from {{ ref('fct_complaint') }} as complaints
    inner join {{ ref('fct_survey_response') }} as answers
        on
            complaints.customer_id = answers.customer_id
            and answers.dimension = 'overall'
            and answers.subject = 'own'
            and answers.score_100 is not null
            and complaints.received_at_local > answers.responded_at_local
    group by complaints.complaint_id
),

satisfied as (
    select
        cast(extract(year from complaints.received_date) as integer) as year,
        count(told_before.csat_before) as n_before,
        sum(told_before.csat_before) as before_sum,
        count(verifications.post_resolution_csat) as n_after,
        sum(verifications.post_resolution_csat) as after_sum,
        count(
            case
                when
                    verifications.post_resolution_csat >= rules.complaint_recovered_min_score
                    then 1
            end
        ) as recovered
    from {{ ref('fct_complaint') }} as complaints
    cross join {{ ref('int_feedback__rules_dated') }} as rules
    left join {{ ref('mart_complaint_verification') }} as verifications
        on complaints.complaint_id = verifications.complaint_id
    left join told_before on complaints.complaint_id = told_before.complaint_id
    group by cast(extract(year from complaints.received_date) as integer)
)

select
    coalesce(returned.year, satisfied.year) as year,
    cast(returned.complainers as integer) as complainers,
    cast(returned.complainers_back as integer) as complainers_back,
    cast(returned.complainers_back as double) / nullif(returned.complainers, 0) as repurchase_rate,
    cast(returned.peers as integer) as peers,
    cast(returned.peers_back as double) / nullif(returned.peers, 0) as peer_repurchase_rate,
    cast(satisfied.n_before as integer) as n_before,
    satisfied.before_sum / nullif(satisfied.n_before, 0) as csat_before,
    cast(satisfied.n_after as integer) as n_after,
    satisfied.after_sum / nullif(satisfied.n_after, 0) as csat_after,
    cast(satisfied.recovered as double) / nullif(satisfied.n_after, 0) as recovery_rate,
    coverage.coverage_pct,
    context.as_of
from returned
full outer join satisfied on returned.year = satisfied.year
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on coalesce(returned.year, satisfied.year) = coverage.calendar_year
