-- What the sheet compares from year to year. Attitude is the mean of linked and anonymous answers.
with newest as (
    select max(calendar_year) as last_year
    from {{ ref('int_build__years_listed') }}
),

buyers as (
    select
        customer_id,
        calendar_year,
        receipts
    from {{ ref('int_customers__years_summarised') }}
    where receipts > 0
),

years as (
    select
        now.calendar_year,
        count(*) as buyers,
        count(case when now.receipts >= 2 then 1 end) as repeat_buyers,
        sum(now.receipts) as receipts
    from buyers as now
    group by now.calendar_year
),

kept as (
    select
        before.calendar_year + 1 as calendar_year,
        count(*) as buyers_before,
        count(now.customer_id) as buyers_kept
    from buyers as before
    inner join newest on before.calendar_year < newest.last_year
    left join buyers as now
        on
            before.customer_id = now.customer_id
            and before.calendar_year + 1 = now.calendar_year
    group by before.calendar_year
),

attitudes as (
    select
        calendar_year,
        sum(answers) as answers,
        sum(score_sum) as score_sum
    from {{ ref('int_surveys__attitudes_summarised') }}
    group by calendar_year
),

measured as (
    select
        'retention_rate' as metric,
        calendar_year,
        buyers_before as n,
        cast(buyers_kept as double) / buyers_before as metric_value
    from kept
    union all
    select
        'repurchase_rate' as metric,
        calendar_year,
        buyers as n,
        cast(repeat_buyers as double) / buyers as metric_value
    from years
    union all
    select
        'purchase_frequency' as metric,
        calendar_year,
        buyers as n,
        cast(receipts as double) / buyers as metric_value
    from years
    union all
    select
        'attitude_mean_100' as metric,
        calendar_year,
        answers as n,
        cast(score_sum as double) / answers as metric_value
    from attitudes
)

select
    metric,
    cast(calendar_year as integer) as calendar_year,
    cast(n as integer) as n,
    metric_value
from measured
