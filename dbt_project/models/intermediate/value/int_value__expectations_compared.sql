-- Within one questionnaire: what was expected of a dimension less what was experienced, which is
-- its PERFORMANCE question or, where that was not asked, its satisfaction.
with answers as (
    select
        respondent,
        wave_id,
        calendar_year,
        dimension,
        max(customer_id) as customer_id,
        cast(sum(case when role = 'expectation' then score_100 end) as double)
        / nullif(count(case when role = 'expectation' then 1 end), 0) as expectation_100,
        cast(sum(case when role = 'performance' then score_100 end) as double)
        / nullif(count(case when role = 'performance' then 1 end), 0) as performance_100,
        cast(sum(case when role = 'satisfaction' then score_100 end) as double)
        / nullif(count(case when role = 'satisfaction' then 1 end), 0) as satisfaction_100
    from {{ ref('int_surveys__ratings_kept') }}
    where
        subject = 'own'
        and role in ('expectation', 'performance', 'satisfaction')
        and value_element is null
    group by respondent, wave_id, calendar_year, dimension
)

select
    respondent,
    wave_id,
    calendar_year,
    dimension,
    customer_id,
    expectation_100,
    coalesce(performance_100, satisfaction_100) as experience_100,
    expectation_100 - coalesce(performance_100, satisfaction_100) as gap_100
from answers
where expectation_100 is not null and coalesce(performance_100, satisfaction_100) is not null
