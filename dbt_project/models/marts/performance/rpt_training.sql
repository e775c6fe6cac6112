-- Before and after are those that the course itself tells of its KPI, the mean of its trainees.
with summed as (
    select
        course_id,
        held_date,
        max(title) as title,
        max(kind) as kind,
        max(training_mode) as training_mode,
        max(topic) as topic,
        count(case when is_known then 1 end) as trainees,
        count(case when not is_known then 1 end) as unknown_trainees,
        sum(case when is_known then hours end) as hours,
        count(case when is_known and has_passed then 1 end) as passed,
        count(case when is_known then has_passed end) as judged,
        max(case when is_known then kpi end) as kpi,
        cast(sum(case when is_known and kpi_after is not null then kpi_before end) as double)
        / nullif(
            count(case when is_known and kpi_after is not null then kpi_before end), 0
        ) as kpi_before,
        cast(sum(case when is_known and kpi_before is not null then kpi_after end) as double)
        / nullif(
            count(case when is_known and kpi_before is not null then kpi_after end), 0
        ) as kpi_after
    from {{ ref('int_performance__courses_attended') }}
    group by course_id, held_date
)

select
    summed.course_id,
    summed.held_date,
    summed.title,
    summed.kind,
    summed.training_mode,
    summed.topic,
    cast(summed.trainees as integer) as trainees,
    cast(summed.unknown_trainees as integer) as unknown_trainees,
    cast(summed.hours as decimal(18, 2)) as hours,
    cast(summed.judged as integer) as judged,
    cast(summed.passed as integer) as passed,
    cast(summed.passed as double) / nullif(summed.judged, 0) as pass_rate,
    summed.kpi,
    round(summed.kpi_before, 9) as kpi_before,
    round(summed.kpi_after, 9) as kpi_after,
    round(summed.kpi_after / nullif(summed.kpi_before, 0) - 1, 9) as kpi_change,
    case
        when summed.trainees = 0 then 'no known trainee'
        when summed.kpi is null or summed.kpi_after is null then 'unmeasured'
        else 'measured'
    end as status,
    context.as_of
from summed
cross join {{ ref('int_build__context_stated') }} as context
