{{ config(meta={'requirements': ['PERF-01', 'PERF-02']}) }}

-- Eight KPIs of the core card and six of the relationship card in every closed period, each with a
-- value or a reason and never both; the churn rate is a share and the lifetime value is money.
select
    periods.period_kind,
    periods.period_start,
    count(case when scorecard.is_core then 1 end) as core_kpis,
    count(case when scorecard.is_relationship then 1 end) as relationship_kpis,
    count(case when scorecard.is_headline then 1 end) as headline_kpis
from {{ ref('int_retention__periods_listed') }} as periods
left join {{ ref('mart_kpi_scorecard') }} as scorecard
    on
        periods.period_kind = scorecard.period_kind
        and periods.period_start = scorecard.period_start
group by periods.period_kind, periods.period_start
having
    count(case when scorecard.is_core then 1 end) <> 8
    or count(case when scorecard.is_relationship then 1 end) <> 6
    or count(case when scorecard.is_headline then 1 end) <> 4
    or count(
        case when (scorecard.value is null) = (scorecard.no_data_reason is null) then 1 end
    ) > 0
    or count(case when (scorecard.value is null) <> (scorecard.status = 'no data') then 1 end) > 0
    or count(
        case
            when
                scorecard.kpi = 'churn_rate'
                and (scorecard.unit <> 'share' or scorecard.value < 0 or scorecard.value > 1)
                then 1
        end
    ) > 0
    or count(
        case
            when
                scorecard.kpi = 'clv_profit_forward_mean'
                and scorecard.unit in ('share', 'points')
                then 1
        end
    ) > 0
