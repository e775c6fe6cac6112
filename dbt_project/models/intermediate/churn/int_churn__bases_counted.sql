-- A table: rates by every dimension read it. The base of a period are the buyers who were not lost
-- when it began; lost are those of them who are lost when it ends. Periods are made of months, so
-- customers with the same months are counted before they are compared with the periods.
{{ config(materialized='table') }}

with kept as (
    select
        kept_month,
        kept_until_month,
        lost_month,
        returned_month,
        is_next_loss,
        count(*) as customers
    from {{ ref('int_churn__customers_kept') }}
    group by kept_month, kept_until_month, lost_month, returned_month, is_next_loss
)

select
    periods.period_kind,
    periods.period_start,
    periods.period_end,
    kept.kept_month,
    kept.kept_until_month,
    kept.lost_month,
    kept.returned_month,
    kept.is_next_loss,
    kept.customers,
    kept.lost_month <= periods.period_end and kept.returned_month > periods.period_end as is_lost
from {{ ref('int_churn__periods_listed') }} as periods
inner join kept
    on
        periods.period_start > kept.kept_month
        and periods.period_start <= kept.kept_until_month
