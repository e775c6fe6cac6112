select
    periods.period_kind,
    periods.period_start,
    cast(count(case when training.has_passed then 1 end) as integer) as passed,
    cast(count(training.has_passed) as integer) as judged
from {{ ref('int_retention__periods_listed') }} as periods
inner join {{ ref('int_performance__courses_attended') }} as training
    on
        training.is_known
        and periods.period_start <= training.held_date
        and periods.period_end >= training.held_date
group by periods.period_kind, periods.period_start
