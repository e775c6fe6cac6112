-- A period is graded by the standard in force on its last day, so that a new one changes no grade
-- of a period before it.
select
    scorecard.kpi,
    scorecard.period_kind,
    scorecard.period_start,
    scorecard.period_end,
    scorecard.value,
    scorecard.unit,
    standards.standard_version,
    standards.target_id as standard_of_target,
    standards.valid_from as standard_from_date,
    case
        when scorecard.value is null then null
        when
            scorecard.direction = 'up' and scorecard.value >= standards.grade_a_from
            or scorecard.direction = 'down' and scorecard.value <= standards.grade_a_from
            then 'A'
        when
            scorecard.direction = 'up' and scorecard.value >= standards.grade_b_from
            or scorecard.direction = 'down' and scorecard.value <= standards.grade_b_from
            then 'B'
        when
            scorecard.direction = 'up' and scorecard.value >= standards.grade_c_from
            or scorecard.direction = 'down' and scorecard.value <= standards.grade_c_from
            then 'C'
        else 'D'
    end as grade,
    scorecard.no_data_reason,
    scorecard.as_of
from {{ ref('mart_kpi_scorecard') }} as scorecard
inner join {{ ref('int_performance__standards_dated') }} as standards
    on
        scorecard.kpi = standards.kpi
        and scorecard.period_end >= standards.valid_from
        and coalesce(scorecard.period_end < standards.valid_before, true)
