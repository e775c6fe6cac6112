-- Every KPI stands in every closed period, with a value or with the reason why there is none. What
-- a mart has defined already is taken from it; all else comes from int_performance__kpis_measured.
with waves as (
    select
        {{ quarter_of('last_month') }} as period_start,
        wave_id,
        row_number() over (
            partition by {{ quarter_of('last_month') }} order by last_month desc, wave_id desc
        ) as place
    from {{ ref('int_surveys__waves_listed') }}
),

valued as (
    select
        cast(sum(cast(clv_profit_forward as decimal(28, 2))) as double)
        / nullif(count(clv_profit_forward), 0) as clv_mean
    from {{ ref('mart_clv') }}
),

newest as (
    select
        period_kind,
        max(period_start) as period_start
    from {{ ref('int_retention__periods_listed') }}
    group by period_kind
),

measured as (
    select
        kpi,
        period_kind,
        period_start,
        kpi_value,
        benchmark,
        missing_reason
    from {{ ref('int_performance__kpis_measured') }}
    union all
    select
        'csat_mean_100' as kpi,
        case when satisfaction.period_type = 'year' then 'year' else 'quarter' end as period_kind,
        case
            when satisfaction.period_type = 'year'
                then cast(satisfaction.period || '-01-01' as date)
            else waves.period_start
        end as period_start,
        satisfaction.csat_mean_100 as kpi_value,
        null as benchmark,
        case when satisfaction.csat_mean_100 is null then 'too few answers to show' end
            as missing_reason
    from {{ ref('mart_satisfaction') }} as satisfaction
    left join waves
        on
            satisfaction.period_type = 'wave'
            and satisfaction.period = waves.wave_id
            and waves.place = 1
    where
        satisfaction.breakdown = 'all' and satisfaction.dimension = 'overall'
        and (satisfaction.period_type = 'year' or waves.wave_id is not null)
    union all
    select
        'churn_rate' as kpi,
        period_kind,
        period_start,
        churn_rate as kpi_value,
        null as benchmark,
        null as missing_reason
    from {{ ref('mart_churn_rate') }}
    where dimension = 'all'
    union all
    select
        'retention_rate' as kpi,
        period_kind,
        period_start,
        retention_rate as kpi_value,
        null as benchmark,
        case when base = 0 then 'nobody bought in the period before' end as missing_reason
    from {{ ref('mart_retention') }}
    where segment_kind = 'all' and cohort = 'all'
    union all
    select
        'clv_profit_forward_mean' as kpi,
        periods.period_kind,
        periods.period_start,
        case when newest.period_start is not null then valued.clv_mean end as kpi_value,
        null as benchmark,
        case when newest.period_start is null then 'forecast at as_of only' end as missing_reason
    from {{ ref('int_retention__periods_listed') }} as periods
    cross join valued
    left join newest
        on
            periods.period_kind = newest.period_kind
            and periods.period_start = newest.period_start
    union all
    select
        'loyalty_index' as kpi,
        'year' as period_kind,
        cast(cast(year as string) || '-01-01' as date) as period_start,
        loyalty_index as kpi_value,
        null as benchmark,
        null as missing_reason
    from {{ ref('rpt_loyalty_trend') }}
    union all
    select
        'complaints_in_time' as kpi,
        periods.period_kind,
        periods.period_start,
        cast(count(case when limits.met_resolve then 1 end) as double)
        / nullif(count(limits.met_resolve), 0) as kpi_value,
        null as benchmark,
        case when count(limits.complaint_id) = 0 then 'no complaints received' end
            as missing_reason
    from {{ ref('int_retention__periods_listed') }} as periods
    left join {{ ref('fct_complaint') }} as complaints
        on
            periods.period_start <= complaints.received_date
            and periods.period_end >= complaints.received_date
    left join {{ ref('mart_complaint_sla') }} as limits
        on complaints.complaint_id = limits.complaint_id
    group by periods.period_kind, periods.period_start
    union all
    select
        'handover_waiting_share' as kpi,
        periods.period_kind,
        periods.period_start,
        cast(sum(cast(handovers.hours_waiting as decimal(28, 6))) as double)
        / nullif(cast(sum(cast(handovers.hours_total as decimal(28, 6))) as double), 0)
            as kpi_value,
        null as benchmark,
        null as missing_reason
    from {{ ref('int_retention__periods_listed') }} as periods
    inner join {{ ref('rpt_handovers') }} as handovers
        on
            periods.period_start <= handovers.begun_date
            and periods.period_end >= handovers.begun_date
    where handovers.case_kind = 'complaint'
    group by periods.period_kind, periods.period_start
    union all
    select
        'data_freshness' as kpi,
        periods.period_kind,
        periods.period_start,
        cast(sum(cast(review.freshness_score as decimal(18, 9))) as double)
        / count(review.freshness_score) as kpi_value,
        null as benchmark,
        null as missing_reason
    from {{ ref('int_retention__periods_listed') }} as periods
    inner join {{ ref('rpt_system_review') }} as review
        on
            periods.period_start <= review.quarter_start
            and periods.period_end >= review.quarter_start
    where periods.period_kind in ('quarter', 'year')
    group by periods.period_kind, periods.period_start
    union all
    -- Those that nobody judged say nothing of the control.
    select
        'alert_precision' as kpi,
        periods.period_kind,
        periods.period_start,
        cast(count(case when alerts.is_confirmed then 1 end) as double)
        / nullif(count(alerts.is_confirmed), 0) as kpi_value,
        null as benchmark,
        case when count(alerts.is_confirmed) = 0 then 'no closed alert was judged' end
            as missing_reason
    from {{ ref('int_retention__periods_listed') }} as periods
    left join {{ ref('fct_alerts') }} as alerts
        on
            periods.period_start <= alerts.closed_at
            and periods.period_end >= alerts.closed_at
    group by periods.period_kind, periods.period_start
),

-- A figure without an entry in the dictionary stays visible, so that the build can refuse it.
named as (
    select kpi from {{ ref('int_performance__kpis_listed') }}
    union
    select kpi from measured
),

verdicts as (
    select
        kpis.kpi,
        max(case verdicts.verdict when 'fail' then 2 when 'warn' then 1 else 0 end) as badness
    from {{ ref('int_performance__kpis_listed') }} as kpis
    inner join {{ ref('dq_verdicts') }} as verdicts
        on
            verdicts.subject_type = 'feed'
            and verdicts.verdict is not null
            and {{ text_position("';' || verdicts.subject || ';'", "';' || kpis.feeds || ';'") }}
            > 0
    group by kpis.kpi
),

valid as (
    select
        named.kpi,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        periods.previous_start,
        kpis.missing_feeds,
        kpis.periods,
        case
            when
                kpis.missing_feeds is null
                and {{ text_position("';' || periods.period_kind || ';'",
                    "';' || kpis.periods || ';'") }} > 0
                then measured.kpi_value
        end as kpi_value,
        measured.benchmark,
        measured.missing_reason,
        {{ text_position("';' || periods.period_kind || ';'", "';' || kpis.periods || ';'") }} > 0
            as is_comparable,
        {{ text_position(
            "';' || periods.period_kind || ';'", "';' || kpis.target_periods || ';'"
        ) }} > 0 as has_targets
    from named
    cross join {{ ref('int_retention__periods_listed') }} as periods
    left join {{ ref('int_performance__kpis_listed') }} as kpis on named.kpi = kpis.kpi
    left join measured
        on
            named.kpi = measured.kpi
            and periods.period_kind = measured.period_kind
            and periods.period_start = measured.period_start
),

-- A target in the KPI's unit is its value; one in shares of a KPI that is no share is growth on the
-- same period of the year before. What adds up over time is held against an absolute target only
-- over the target's own span.
targets as (
    select
        valid.kpi,
        valid.period_kind,
        valid.period_start,
        case
            when targets.unit = kpis.unit then cast(targets.target_value as double)
            else before.kpi_value * (1 + cast(targets.target_value as double))
        end as target,
        row_number() over (
            partition by valid.kpi, valid.period_kind, valid.period_start
            order by targets.start_date desc, targets.target_id asc
        ) as place
    from valid
    inner join {{ ref('int_performance__kpis_listed') }} as kpis on valid.kpi = kpis.kpi
    inner join {{ ref('int_performance__targets_listed') }} as targets
        on
            valid.kpi = targets.metric
            -- Those of a region or a store are parts of the chain's.
            and targets.region is null
            and targets.store_id is null
            and valid.period_end >= targets.start_date
            and valid.period_end <= targets.due_date
    left join valid as before
        on
            valid.kpi = before.kpi
            and valid.period_kind = before.period_kind
            and {{ add_months('valid.period_start', -12) }} = before.period_start
    where
        valid.has_targets
        and (
            (
                targets.unit = kpis.unit
                and (
                    not kpis.is_flow
                    or (
                        valid.period_start = targets.start_date
                        and valid.period_end = targets.due_date
                    )
                )
            )
            or (targets.unit = 'share' and kpis.unit <> 'share')
        )
)

select
    valid.kpi,
    kpis.name as name_en,
    kpis.name_zh,
    kpis.unit,
    kpis.direction,
    coalesce(kpis.is_core, false) as is_core,
    coalesce(kpis.is_relationship, false) as is_relationship,
    coalesce(kpis.is_headline, false) as is_headline,
    valid.period_kind,
    valid.period_start,
    valid.period_end,
    valid.kpi_value as value,
    before.kpi_value as previous_value,
    year_before.kpi_value as year_before_value,
    targets.target,
    case
        when valid.has_targets
            then coalesce(
                valid.benchmark,
                cast(
                    case when kpis.direction = 'up' then benchmarks.low else benchmarks.high end
                    as double
                )
            )
    end as benchmark,
    case
        when valid.kpi_value is null then 'no data'
        when targets.target is null then 'no target'
        when kpis.direction = 'up' and valid.kpi_value >= targets.target then 'on target'
        when kpis.direction = 'down' and valid.kpi_value <= targets.target then 'on target'
        else 'off target'
    end as status,
    case
        when valid.kpi_value is not null then null
        when valid.missing_feeds is not null
            then 'never delivered: ' || valid.missing_feeds
        when kpis.kpi is null then 'not in the dictionary'
        when not valid.is_comparable
            then 'measured by ' || replace(valid.periods, ';', ' and ') || ' only'
        when valid.missing_reason is not null then valid.missing_reason
        else 'missing for the period or a part of it: ' || replace(kpis.feeds, ';', ', ')
    end as no_data_reason,
    cast(sales.identified_sales as double) / nullif(cast(sales.net_sales as double), 0)
        as coverage_pct,
    case verdicts.badness when 2 then 'fail' when 1 then 'warn' when 0 then 'pass' end as verdict,
    context.as_of
from valid
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_performance__kpis_listed') }} as kpis on valid.kpi = kpis.kpi
left join {{ ref('int_performance__benchmarks_listed') }} as benchmarks
    on kpis.benchmark_code = benchmarks.code
left join valid as before
    on
        valid.kpi = before.kpi
        and valid.period_kind = before.period_kind
        and valid.previous_start = before.period_start
left join valid as year_before
    on
        valid.kpi = year_before.kpi
        and valid.period_kind = year_before.period_kind
        and {{ add_months('valid.period_start', -12) }} = year_before.period_start
left join targets
    on
        valid.kpi = targets.kpi
        and valid.period_kind = targets.period_kind
        and valid.period_start = targets.period_start
        and targets.place = 1
left join {{ ref('int_performance__sales_measured') }} as sales
    on
        valid.period_kind = sales.period_kind
        and valid.period_start = sales.period_start
left join verdicts on valid.kpi = verdicts.kpi
