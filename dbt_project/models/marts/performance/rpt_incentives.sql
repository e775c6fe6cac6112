-- What was paid for a KPI beside what the KPI came to in the same period.
select
    paid.kpi,
    paid.period_kind,
    paid.period_start,
    paid.rewards,
    paid.rewards_other_currency,
    paid.reward_amount,
    scorecard.value,
    scorecard.unit,
    scorecard.target,
    coalesce(scorecard.status, 'not in the scorecard') as kpi_status,
    coalesce(grades.grade, 'ungraded') as grade,
    grades.standard_version,
    cast(
        sum(paid.reward_amount) over (
            partition by paid.kpi, coalesce(grades.grade, 'ungraded')
        ) as decimal(18, 2)
    ) as reward_amount_of_grade,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_performance__rewards_paid') }} as paid
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('mart_kpi_scorecard') }} as scorecard
    on
        paid.kpi = scorecard.kpi
        and paid.period_kind = scorecard.period_kind
        and paid.period_start = scorecard.period_start
left join {{ ref('rpt_kpi_grades') }} as grades
    on
        paid.kpi = grades.kpi
        and paid.period_kind = grades.period_kind
        and paid.period_start = grades.period_start
