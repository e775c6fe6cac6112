-- Months in a row in which far more of the base is lost than in the months before are one case. The
-- usual share is that of all bases of the twelve months before, told from half a year on.
with months as (
    select
        period_start,
        period_end,
        {{ months_between("cast('1900-01-01' as date)", 'period_start') }} as month_no,
        sum(case when is_next_loss then customers else 0 end) as base,
        sum(case when is_lost then customers else 0 end) as lost
    from {{ ref('int_churn__bases_counted') }}
    where period_kind = 'month'
    group by period_start, period_end
),

compared as (
    select
        months.period_start,
        months.period_end,
        months.month_no,
        months.base,
        cast(months.lost as double) / months.base as churn_rate,
        cast(sum(before.lost) as double) / sum(before.base) as usual_rate,
        count(*) as months_before
    from months
    inner join months as before
        on months.month_no > before.month_no and months.month_no <= before.month_no + 12
    group by months.period_start, months.period_end, months.month_no, months.base, months.lost
),

surges as (
    select
        compared.*,
        compared.usual_rate * rises.value_number as threshold,
        compared.month_no
        - row_number() over (order by compared.period_start asc) as case_no
    from compared
    inner join {{ ref('int_parameters__periods_dated') }} as rises
        on
            rises.code = 'churn_surge_ratio'
            and compared.period_end >= rises.valid_from
            and compared.period_end < rises.valid_before
    inner join {{ ref('int_parameters__periods_dated') }} as least_base
        on
            least_base.code = 'churn_surge_min_base'
            and compared.period_end >= least_base.valid_from
            and compared.period_end < least_base.valid_before
    where
        compared.months_before >= 6
        and compared.base >= least_base.value_number
        and compared.usual_rate > 0
        and round(compared.churn_rate, 9) > round(compared.usual_rate * rises.value_number, 9)
),

cases as (
    select
        min(period_end) as opened_date,
        {{ add_days(add_months('max(period_start)', 2), -1) }} as next_month_end,
        max(churn_rate) as alert_value,
        min(threshold) as threshold
    from surges
    group by case_no
)

select
    'CHURN_SURGE' as alert_code,
    'chain' as entity_type,
    'own' as entity_id,
    cases.opened_date,
    case when cases.next_month_end <= context.as_of then cases.next_month_end end as closed_date,
    cases.alert_value,
    cast(cases.threshold as double) as threshold,
    case
        when cases.next_month_end <= context.as_of
            then 'a month passed in which no more customers were lost than usual'
    end as feedback
from cases
cross join {{ ref('int_build__context_stated') }} as context
