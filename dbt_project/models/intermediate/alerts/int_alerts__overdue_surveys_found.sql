-- Times in which at least one customer was overdue are one alert per trigger, whoever it was. Who
-- may not be asked cannot be overdue.
with spans as (
    select
        dues.survey_trigger,
        dues.customer_id,
        rules.survey_overdue_days,
        {{ add_days('dues.due_date', 'cast(rules.survey_overdue_days as integer) + 1') }}
            as from_date,
        coalesce(dues.done_date, cast('9999-12-31' as date)) as before_date,
        rules.as_of
    from {{ ref('int_surveys__dues_found') }} as dues
    cross join {{ ref('int_surveys__rules_dated') }} as rules
    left join {{ ref('int_customers__consents_judged') }} as consents
        on dues.customer_id = consents.customer_id
    where coalesce(consents.is_surveyable, true)
),

overdue as (
    select
        *,
        max(before_date) over (
            partition by survey_trigger
            order by from_date asc, before_date asc, customer_id asc
            rows between unbounded preceding and 1 preceding
        ) as covered_before_date
    from spans
    where from_date < before_date and from_date <= as_of
),

episodes as (
    select
        *,
        sum(case when from_date <= covered_before_date then 0 else 1 end) over (
            partition by survey_trigger
            order by from_date asc, before_date asc, customer_id asc
            rows between unbounded preceding and current row
        ) as episode
    from overdue
)

select
    'SURVEY_OVERDUE' as alert_code,
    'survey_trigger' as entity_type,
    survey_trigger as entity_id,
    min(from_date) as opened_date,
    case when max(before_date) <= max(as_of) then max(before_date) end as closed_date,
    cast(count(distinct customer_id) as double) as alert_value,
    cast(max(survey_overdue_days) as double) as threshold,
    case when max(before_date) <= max(as_of) then 'everyone who was overdue was asked' end
        as feedback
from episodes
group by survey_trigger, episode
