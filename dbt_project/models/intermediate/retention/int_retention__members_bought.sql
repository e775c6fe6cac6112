-- A table: its counts read it, and the test of its key. Rows of customers whom nothing touched are
-- kept: what moves a receipt or the series of a product touches the customer.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_sales__customers_touched', ['customer_id']) }}"
) }}

{% set dimensions = [('store', 'store_id'), ('series', 'series')] %}
{% set quarters = [1, 2, 3, 4] %}

with sales as (
    select *
    from {{ ref('int_sales__lines_kept') }}
    {{ only_touched('int_sales__customers_touched', ['customer_id']) }}
),

lines as (
    select
        sales.customer_id,
        sales.store_id,
        sales.receipt_id,
        products.series,
        {{ year_of('sales.business_date') }} as year_start,
        extract(quarter from sales.business_date) as quarter_no
    from sales
    left join {{ ref('int_products__series_mapped') }} as products
        on sales.product_code = products.product_code
    where sales.customer_id is not null and not sales.is_refund and sales.unit_price > 0
),

receipts as (
    select
        customer_id,
        store_id,
        receipt_id,
        series,
        year_start,
        {% for quarter in quarters %}
        max(case when quarter_no = {{ quarter }} then 1 else 0 end) as in_q{{ quarter }}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from lines
    group by customer_id, store_id, receipt_id, series, year_start
),

-- A receipt counts once for its store, whatever was on it.
members as (
    select
        customer_id,
        year_start,
        'store' as dimension,
        store_id as member,
        {% for quarter in quarters %}
        max(in_q{{ quarter }}) as in_q{{ quarter }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from receipts
    group by customer_id, year_start, store_id, receipt_id
    union all
    select
        customer_id,
        year_start,
        'series' as dimension,
        series as member,
        {% for quarter in quarters %}
        in_q{{ quarter }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from receipts
    where series is not null
)

select
    customer_id,
    year_start,
    dimension,
    member,
    cast(count(*) as integer) as receipts,
    {% for quarter in quarters %}
    cast(sum(in_q{{ quarter }}) as integer) as receipts_q{{ quarter }}
    {%- if not loop.last %},{% endif %}
    {% endfor %}
from members
group by customer_id, year_start, dimension, member
