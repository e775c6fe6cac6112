{{ config(meta={'requirements': ['PERF-08', 'PERF-20', 'ARCH-12']}) }}

-- One report for each quarter and year that is over and none for one that is not; five goals, each
-- with a KPI of the scorecard; nine factors in every year that is over.
select
    'report' as subject,
    coalesce(review.report, cast(periods.period_start as string)) as place
from (
    select * from {{ ref('int_retention__periods_listed') }}
    where period_kind in ('quarter', 'year')
) as periods
full outer join {{ ref('rpt_period_review') }} as review
    on
        periods.period_kind = review.period_kind
        and periods.period_start = review.period_start
where
    review.report is null or periods.period_start is null or review.period_end > review.as_of
union all
select
    'goal' as subject,
    goal as place
from {{ ref('rpt_strategy_map') }}
-- A chain younger than a month has no scorecard yet.
where kpis = 0 and exists (select 1 from {{ ref('mart_kpi_scorecard') }})
union all
select
    'goals' as subject,
    cast(count(*) as string) as place
from {{ ref('rpt_strategy_map') }}
having count(*) <> 5
union all
select
    'factors' as subject,
    cast(year as string) as place
from {{ ref('rpt_self_check') }}
group by year
having count(*) <> 9
