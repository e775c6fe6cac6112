-- One report for every quarter and year that is over; a rerun makes the same one again. It lies on
-- the table the day after the first delivery of sales at or past its end.
with told as (
    select
        reviewed.period_kind,
        reviewed.period_start,
        min(files.delivery_date) as delivery_date
    from (
        select distinct
            period_kind,
            period_start,
            period_end
        from {{ ref('mart_kpi_scorecard') }}
        where period_kind in ('quarter', 'year')
    ) as reviewed
    inner join {{ ref('int_loads__files_settled') }} as files
        on
            files.feed = 'pos_sales'
            and files.status <> 'rejected'
            and reviewed.period_end <= files.delivery_date
    group by reviewed.period_kind, reviewed.period_start
),

weak as (
    select
        period_kind,
        period_start,
        count(*) as weak_points
    from {{ ref('rpt_evaluation') }}
    group by period_kind, period_start
)

select
    scorecard.period_kind,
    scorecard.period_start,
    scorecard.period_end,
    cast(extract(year from scorecard.period_start) as string)
    || case
        when scorecard.period_kind = 'quarter'
            then
                '-Q' || cast(
                    cast((extract(month from scorecard.period_end)) / 3 as integer) as string
                )
        else ''
    end as report,
    cast(count(*) as integer) as kpis,
    cast(count(scorecard.value) as integer) as measured,
    cast(count(case when scorecard.status = 'on target' then 1 end) as integer) as on_target,
    cast(count(case when scorecard.status = 'off target' then 1 end) as integer) as off_target,
    cast(count(case when scorecard.status = 'no data' then 1 end) as integer) as no_data,
    cast(coalesce(weak.weak_points, 0) as integer) as weak_points,
    {{ add_days('scorecard.period_end', 'cast(rules.evaluation_due_days as integer)') }}
        as due_date,
    {{ add_days('told.delivery_date', 1) }} as delivered_date,
    {{ add_days('told.delivery_date', 1) }}
    <= {{ add_days('scorecard.period_end', 'cast(rules.evaluation_due_days as integer)') }}
        as is_in_time,
    scorecard.as_of
from {{ ref('mart_kpi_scorecard') }} as scorecard
cross join {{ ref('int_performance__rules_dated') }} as rules
left join told
    on
        scorecard.period_kind = told.period_kind
        and scorecard.period_start = told.period_start
left join weak
    on
        scorecard.period_kind = weak.period_kind
        and scorecard.period_start = weak.period_start
where scorecard.period_kind in ('quarter', 'year')
group by
    scorecard.period_kind, scorecard.period_start, scorecard.period_end, weak.weak_points,
    rules.evaluation_due_days, told.delivery_date, scorecard.as_of
