-- A table: rows of customers whom nothing touched are kept, of open periods too.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_sales__customers_touched', ['customer_id']) }}"
) }}

{% set in_order = 'over (partition by customer_id, period_kind order by period_start asc)' %}

with days as (
    select *
    from {{ ref('int_sales__customer_days_summarised') }}
    {{ only_touched('int_sales__customers_touched', ['customer_id']) }}
),

spent as (
    {% for kind in ['month', 'quarter', 'year'] %}
    select
        customer_id,
        '{{ kind }}' as period_kind,
        {{ period_of(kind, 'business_date') }} as period_start,
        cast(sum(receipts) as integer) as receipts,
        cast(sum(net_spend) as decimal(18, 2)) as net_spend
    from days
    group by customer_id, {{ period_of(kind, 'business_date') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    customer_id,
    period_kind,
    period_start,
    receipts,
    net_spend,
    lag(period_start) {{ in_order }} as earlier_start,
    lag(net_spend) {{ in_order }} as earlier_spend,
    lead(period_start) {{ in_order }} as later_start
from spent
