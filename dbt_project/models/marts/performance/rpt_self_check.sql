-- Nine factors, each with the KPI that tells of it, in every year that is over.
select
    cast(extract(year from scorecard.period_start) as integer) as year,
    factors.factor_no,
    factors.factor_kind,
    factors.factor,
    factors.factor_zh,
    factors.kpi,
    scorecard.value,
    scorecard.unit,
    case
        when scorecard.value is null then 'no data'
        when scorecard.year_before_value is null then 'first year'
        when scorecard.value = scorecard.year_before_value then 'level'
        when (scorecard.value > scorecard.year_before_value) = (scorecard.direction = 'up')
            then 'better'
        else 'worse'
    end as finding,
    scorecard.no_data_reason,
    scorecard.as_of
from {{ ref('int_performance__factors_listed') }} as factors
inner join {{ ref('mart_kpi_scorecard') }} as scorecard on factors.kpi = scorecard.kpi
where scorecard.period_kind = 'year'
