-- A table: retention, repurchase and frequency read it. Days fall into the same periods whether
-- these are closed or not, so rows of customers whom nothing touched are kept.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_sales__customers_touched', ['customer_id']) }}"
) }}

with days as (
    select *
    from {{ ref('int_retention__days_bought') }}
    {{ only_touched('int_sales__customers_touched', ['customer_id']) }}
),

bought as (
    {% for kind in ['month', 'quarter', 'year'] %}
    select
        customer_id,
        '{{ kind }}' as period_kind,
        {{ period_of(kind, 'business_date') }} as period_start,
        cast(sum(receipts) as integer) as receipts,
        cast(count(*) as integer) as visit_days
    from days
    group by customer_id, {{ period_of(kind, 'business_date') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    customer_id,
    period_kind,
    period_start,
    lead(period_start) over (partition by customer_id, period_kind order by period_start asc)
        as next_start,
    receipts,
    visit_days
from bought
