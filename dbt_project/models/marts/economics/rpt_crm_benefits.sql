{# What each claim is held against; of some nothing here tells. #}
{% set kpis = {
    'econ_21_retention': 'retention_rate',
    'econ_21_satisfaction': 'csat_mean_100',
    'econ_21_efficiency': 'complaints_in_time',
    'econ_21_satisfaction_system': 'csat_mean_100',
    'econ_21_churn_system': 'churn_rate',
    'econ_21_satisfaction_appliances': 'csat_mean_100',
    'econ_21_churn_appliances': 'churn_rate',
    'econ_21_competitiveness': 'market_share',
    'econ_21_loyalty': 'loyalty_index',
    'econ_21_satisfaction_goal': 'csat_mean_100',
    'econ_21_sales_share': 'market_share',
    'econ_21_cost': 'acquisition_cost',
    'econ_21_efficiency_goal': 'complaints_in_time',
} %}

-- The mean of a KPI over the whole periods of the months before the first system went live against
-- that of as many after it. What lies across the day belongs to neither side; a change after it
-- need not be its doing.
with live as (
    select min(done_date) as live_date
    from {{ ref('int_performance__plans_summarised') }}
    where kind = 'system' and done_date is not null
),

claims as (
    select
        claimed.*,
        case claimed.code
            {% for code, kpi in kpis.items() %}
            when '{{ code }}' then '{{ kpi }}'
            {% endfor %}
        end as kpi
    from {{ ref('int_performance__benefits_claimed') }} as claimed
),

sides as (
    select
        scorecard.kpi,
        scorecard.period_kind,
        scorecard.period_start,
        scorecard.period_end,
        scorecard.value,
        scorecard.period_end < live.live_date as is_before,
        case scorecard.period_kind when 'month' then 1 when 'quarter' then 3 else 12 end as months,
        row_number() over (
            partition by
                scorecard.kpi, scorecard.period_kind, scorecard.period_end < live.live_date
            order by
                case
                    when scorecard.period_end < live.live_date
                        then {{ days_between('scorecard.period_end', 'live.live_date') }}
                    else {{ days_between('live.live_date', 'scorecard.period_start') }}
                end asc
        ) as place
    from {{ ref('mart_kpi_scorecard') }} as scorecard
    cross join live
    where
        scorecard.period_end < live.live_date
        or scorecard.period_start > live.live_date
),

meant as (
    select
        sides.kpi,
        sides.period_kind,
        max(sides.months) as months,
        min(case when sides.is_before then sides.period_start end) as before_start,
        max(case when sides.is_before then sides.period_end end) as before_end,
        min(case when not sides.is_before then sides.period_start end) as after_start,
        max(case when not sides.is_before then sides.period_end end) as after_end,
        count(case when sides.is_before then 1 end) as periods_before,
        count(case when not sides.is_before then 1 end) as periods_after,
        max(rules.benefit_months) / max(sides.months) as periods_wanted,
        cast(sum(case when sides.is_before then cast(sides.value as decimal(28, 9)) end) as double)
        / nullif(count(case when sides.is_before then sides.value end), 0) as value_before,
        cast(
            sum(case when not sides.is_before then cast(sides.value as decimal(28, 9)) end)
            as double
        )
        / nullif(count(case when not sides.is_before then sides.value end), 0) as value_after
    from sides
    inner join {{ ref('int_performance__rules_dated') }} as rules
        on sides.place * sides.months <= rules.benefit_months
    group by sides.kpi, sides.period_kind
),

-- The shortest length of period in which both sides have a value.
chosen as (
    select
        *,
        row_number() over (
            partition by kpi
            order by
                case when value_before is not null and value_after is not null then 0 else 1 end
                asc,
                months asc
        ) as place
    from meant
)

select
    claims.code,
    claims.reading,
    claims.seed_ref,
    claims.quality,
    claims.claimed_change,
    claims.kpi,
    live.live_date,
    chosen.period_kind,
    chosen.before_start,
    chosen.before_end,
    chosen.after_start,
    chosen.after_end,
    round(chosen.value_before, 9) as value_before,
    round(chosen.value_after, 9) as value_after,
    case
        when
            chosen.periods_before = chosen.periods_wanted
            and chosen.periods_after = chosen.periods_wanted
            then round(chosen.value_after / nullif(chosen.value_before, 0) - 1, 9)
    end as measured_change,
    case
        when claims.kpi is null then 'not measured'
        when live.live_date is null or chosen.kpi is null then 'no data'
        when
            chosen.periods_before < chosen.periods_wanted
            or chosen.periods_after < chosen.periods_wanted
            then 'insufficient'
        when coalesce(chosen.value_before, 0) = 0 or chosen.value_after is null then 'no data'
        when claims.claimed_change is null then 'no figure claimed'
        when
            claims.claimed_change > 0
            and round(chosen.value_after / chosen.value_before - 1, 9) >= claims.claimed_change
            or claims.claimed_change < 0
            and round(chosen.value_after / chosen.value_before - 1, 9) <= claims.claimed_change
            then 'as claimed'
        else 'less than claimed'
    end as status,
    case
        when claims.kpi is null then 'nothing of the house answers to it'
        when live.live_date is null then 'no system plan is done'
        when chosen.kpi is null then 'no closed period beside the day'
        when
            chosen.periods_before < chosen.periods_wanted
            or chosen.periods_after < chosen.periods_wanted
            then 'fewer closed periods before or after than the window asks for'
        when coalesce(chosen.value_before, 0) = 0 or chosen.value_after is null
            then 'no value before or after'
    end as reason,
    context.as_of
from claims
cross join live
cross join {{ ref('int_build__context_stated') }} as context
left join chosen on claims.kpi = chosen.kpi and chosen.place = 1
