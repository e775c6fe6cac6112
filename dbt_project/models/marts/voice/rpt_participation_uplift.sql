-- Only answers under the customer's own name can be told apart by participation.
with has_register as (
    select count(*) > 0 as is_delivered
    from {{ ref('int_surveys__participation_counted') }}
),

respondents as (
    select
        ratings.calendar_year,
        ratings.customer_id,
        cast(sum(ratings.score_100) as double) / count(*) as score_100,
        coalesce(max(participation.contacts), 0) as contacts
    from {{ ref('int_surveys__ratings_kept') }} as ratings
    left join {{ ref('int_surveys__participation_counted') }} as participation
        on
            ratings.customer_id = participation.customer_id
            and ratings.calendar_year = participation.calendar_year
    where
        ratings.customer_id is not null
        and ratings.role = 'satisfaction'
        and ratings.dimension = 'overall'
        and ratings.subject = 'own'
    group by ratings.calendar_year, ratings.customer_id
),

years as (
    select
        respondents.calendar_year,
        count(case when respondents.contacts > 0 then 1 end) as high_n,
        count(case when respondents.contacts = 0 then 1 end) as low_n,
        cast(
            sum(
                case
                    when respondents.contacts > 0 then cast(respondents.score_100 as decimal(18, 6))
                end
            )
            as double
        )
        / nullif(count(case when respondents.contacts > 0 then 1 end), 0) as high_mean_100,
        cast(
            sum(
                case
                    when respondents.contacts = 0 then cast(respondents.score_100 as decimal(18, 6))
                end
            )
            as double
        )
        / nullif(count(case when respondents.contacts = 0 then 1 end), 0) as low_mean_100
    from respondents
    group by respondents.calendar_year
),

shown as (
    select
        years.*,
        has_register.is_delivered,
        rules.anonymity_min_cell as min_cell,
        rules.as_of,
        {{ large_cell('years.high_mean_100', 'years.high_n', 'rules.anonymity_min_cell') }}
            as high_shown,
        {{ large_cell('years.low_mean_100', 'years.low_n', 'rules.anonymity_min_cell') }}
            as low_shown
    from years
    cross join has_register
    cross join {{ ref('int_surveys__rules_dated') }} as rules
)

select
    shown.calendar_year as year,
    {{ answers_label('shown.high_n', 'shown.min_cell') }} as high_n_label,
    {{ answers_label('shown.low_n', 'shown.min_cell') }} as low_n_label,
    shown.high_shown as high_csat_mean_100,
    shown.low_shown as low_csat_mean_100,
    case
        when shown.is_delivered then 100 * (shown.high_shown / nullif(shown.low_shown, 0) - 1)
    end as uplift_pct,
    100 * cast(benchmarks.low as double) as benchmark_uplift_pct,
    case
        when not shown.is_delivered then 'no data'
        when shown.high_shown is null or shown.low_shown is null then 'insufficient'
        else 'measured'
    end as status,
    shown.as_of
from shown
left join {{ ref('int_surveys__benchmarks_listed') }} as benchmarks
    on benchmarks.code = 'sat_18_participation'
