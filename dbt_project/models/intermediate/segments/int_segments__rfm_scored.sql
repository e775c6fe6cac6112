-- A table: four models read it. Ties go by customer id, so that the same as_of has the same scores.
{{ config(materialized='table') }}

with ranked as (
    select
        *,
        ntile(5) over (
            partition by measured_to
            order by recency_days desc, customer_id asc
        ) as r,
        ntile(5) over (
            partition by measured_to
            order by receipts asc, customer_id asc
        ) as f,
        ntile(5) over (
            partition by measured_to, net_spend is null
            order by net_spend asc, customer_id asc
        ) as m,
        ntile(5) over (
            partition by measured_to, gross_spend is null
            order by gross_spend asc, customer_id asc
        ) as m_before_refunds
    from {{ ref('int_segments__buyers_measured') }}
)

select
    measured_to,
    is_current,
    customer_id,
    recency_days,
    receipts,
    net_spend,
    gross_spend,
    next_spend,
    cast(r as integer) as r,
    cast(f as integer) as f,
    cast(case when net_spend is not null then m end as integer) as m,
    cast(case when gross_spend is not null then m_before_refunds end as integer)
        as m_before_refunds
from ranked
