-- A table: what was bought up to a day, so that a window is the difference of two days. It follows
-- from lines of the customer and from series and costs of products, which touch whom they concern,
-- so rows of customers whom nothing touched are kept. Costs nothing is given and not bought.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_sales__customers_touched', ['customer_id']) }}"
) }}

{% set amounts = [
    'net_amount', 'gross_amount', 'margin', 'lines_without_margin', 'listed_amount',
    'full_price_amount',
] %}
{% set counts = ['receipts', 'weekend_receipts', 'stores', 'series'] %}

with sales as (
    select *
    from {{ ref('int_sales__lines_kept') }}
    {{ only_touched('int_sales__customers_touched', ['customer_id']) }}
),

lines as (
    select
        sales.customer_id,
        sales.business_date,
        sales.store_id,
        sales.receipt_id,
        products.series,
        sales.net_amount_chain as net_amount,
        sales.net_amount_chain + coalesce(sales.discount_chain, 0) as listed_amount,
        sales.net_amount_chain - cast(sales.qty * products.unit_cost as decimal(18, 2)) as margin,
        not sales.is_refund and sales.unit_price > 0 as is_purchase,
        coalesce(sales.discount, 0) = 0 and sales.promo_code is null as is_full_price
    from sales
    left join {{ ref('int_products__series_mapped') }} as products
        on sales.product_code = products.product_code
    where sales.customer_id is not null and sales.business_date is not null
),

-- One row per receipt and date first: distinct receipts are dear to count among lines.
receipts as (
    select
        customer_id,
        business_date,
        store_id,
        receipt_id,
        max(case when is_purchase then 1 else 0 end) as is_purchase,
        sum(net_amount) as net_amount,
        sum(case when is_purchase then net_amount end) as gross_amount,
        sum(margin) as margin,
        count(*) - count(margin) as lines_without_margin,
        sum(case when is_purchase then listed_amount end) as listed_amount,
        sum(case when is_purchase and is_full_price then listed_amount end) as full_price_amount
    from lines
    group by customer_id, business_date, store_id, receipt_id
),

bought as (
    select
        customer_id,
        business_date,
        {% for amount in amounts %}
        sum({{ amount }}) as {{ amount }},
        {% endfor %}
        sum(is_purchase) as receipts,
        sum(case when {{ iso_weekday('business_date') }} >= 6 then is_purchase else 0 end)
            as weekend_receipts
    from receipts
    group by customer_id, business_date
),

{% for kind, counted in [('store_id', 'stores'), ('series', 'series')] %}
{{ counted }}_bought as (
    select
        customer_id,
        first_date,
        count(*) as {{ counted }}
    from (
        select
            customer_id,
            min(business_date) as first_date
        from lines
        where is_purchase and {{ kind }} is not null
        group by customer_id, {{ kind }}
    ) as firsts
    group by customer_id, first_date
),

{% endfor %}
days as (
    select
        bought.*,
        coalesce(stores_bought.stores, 0) as stores,
        coalesce(series_bought.series, 0) as series
    from bought
    left join stores_bought
        on
            bought.customer_id = stores_bought.customer_id
            and bought.business_date = stores_bought.first_date
    left join series_bought
        on
            bought.customer_id = series_bought.customer_id
            and bought.business_date = series_bought.first_date
)

select
    customer_id,
    business_date,
    min(case when receipts > 0 then business_date end) over to_date as first_purchase_date,
    max(case when receipts > 0 then business_date end) over to_date as last_purchase_date,
    {% for amount in amounts if amount != 'lines_without_margin' %}
    cast(sum({{ amount }}) over to_date as decimal(18, 2)) as {{ amount }},
    {% endfor %}
    {% for count in ['lines_without_margin'] + counts %}
    cast(sum({{ count }}) over to_date as integer) as {{ count }},
    {% endfor %}
    lead(business_date, 1, cast('9999-12-31' as date)) over (
        partition by customer_id order by business_date asc
    ) as next_date
from days
window to_date as (
    partition by customer_id
    order by business_date asc
    rows between unbounded preceding and current row
)
