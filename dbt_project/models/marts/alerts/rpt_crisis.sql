{% set end_of_as_of = 'cast(' ~ add_days('rules.as_of', 1) ~ ' as timestamp)' %}

-- A step not yet taken ages: it counts to midnight ending as_of, a day more with every night.
select
    records.record_id,
    records.crisis_type,
    records.detected_at_local,
    records.plan_started_at_local,
    records.statement_at_local,
    records.closed_at_local,
    cast(
        {{ seconds_between('records.detected_at_local', 'records.plan_started_at_local') }}
        as double
    ) / 3600 as hours_to_plan,
    cast(
        {{ seconds_between('records.detected_at_local', 'records.statement_at_local') }}
        as double
    ) / 3600 as hours_to_statement,
    cast(
        {{ seconds_between('records.detected_at_local', 'records.closed_at_local') }}
        as double
    ) / 3600 as hours_to_close,
    records.closed_at_local is null as is_open,
    case
        when records.closed_at_local is null
            then
                cast({{ seconds_between('records.detected_at_local', end_of_as_of) }} as double)
                / 3600
    end as open_hours,
    records.reviewed_date,
    coalesce(
        records.reviewed_date is null
        and {{ days_between('cast(records.closed_at_local as date)', 'rules.as_of') }}
        > rules.crisis_review_days,
        false
    ) as is_review_overdue,
    rules.as_of
from {{ ref('int_crisis__records_localised') }} as records
cross join {{ ref('int_feedback__rules_dated') }} as rules
where
    records.record_kind = 'crisis' and cast(records.detected_at_local as date) <= rules.as_of
