-- Months that go on falling are one case; the first one that does not, or cannot be told, ends it.
with ordered as (
    select
        *,
        lag(status) over (partition by region, product_line order by period asc) as status_before,
        sum(case when status <> 'falling' then 1 else 0 end) over (
            partition by region, product_line
            order by period asc
            rows between unbounded preceding and current row
        ) as case_no
    from {{ ref('int_market__share_falls_measured') }}
),

cases as (
    select
        region,
        product_line,
        case_no,
        min(known_date) as opened_date,
        max(relative_fall) as alert_value,
        min(threshold) as threshold
    from ordered
    where status = 'falling'
    group by region, product_line, case_no
),

ended as (
    select
        region,
        product_line,
        case_no - 1 as case_no,
        known_date
    from ordered
    where status <> 'falling' and status_before = 'falling'
)

select
    'SHARE_DROP_3M' as alert_code,
    'market' as entity_type,
    cases.region || '/' || cases.product_line as entity_id,
    cases.opened_date,
    ended.known_date as closed_date,
    cases.alert_value,
    cast(cases.threshold as double) as threshold,
    case when ended.known_date is not null then 'the share no longer falls' end as feedback
from cases
left join ended
    on
        cases.region = ended.region
        and cases.product_line = ended.product_line
        and cases.case_no = ended.case_no
