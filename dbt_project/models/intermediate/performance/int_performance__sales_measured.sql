-- A table: scorecard, growth and the meeting pack read it.
{{ config(materialized='table') }}

-- One row per date and product first: rules and products are met once for all of its lines.
with sold as (
    select
        business_date,
        product_code,
        sum(net_amount_chain) as net_sales,
        sum(case when customer_id is not null then net_amount_chain else 0 end)
            as identified_sales,
        cast(sum(case when net_amount_chain is not null then qty end) as decimal(18, 3)) as items
    from {{ ref('int_sales__lines_kept') }}
    group by business_date, product_code
),

days as (
    select
        sales.business_date,
        sum(sales.net_sales) as net_sales,
        sum(sales.identified_sales) as identified_sales,
        sum(case when products.unit_cost is not null then sales.net_sales end)
            as costed_sales,
        sum(sales.net_sales - sales.items * products.unit_cost) as margin,
        sum(case when products.sold_from_date is not null then sales.net_sales end)
            as dated_sales,
        sum(
            case
                when
                    {{ days_between('products.sold_from_date', 'sales.business_date') }}
                    < rules.new_product_days
                    then sales.net_sales
            end
        ) as new_product_sales
    from sold as sales
    cross join {{ ref('int_performance__rules_dated') }} as rules
    left join {{ ref('int_products__series_mapped') }} as products
        on sales.product_code = products.product_code
    group by sales.business_date
)

select
    periods.period_kind,
    periods.period_start,
    periods.period_end,
    periods.previous_start,
    cast(sum(days.net_sales) as decimal(18, 2)) as net_sales,
    cast(sum(days.identified_sales) as decimal(18, 2)) as identified_sales,
    cast(sum(days.costed_sales) as decimal(18, 2)) as costed_sales,
    cast(sum(days.margin) as decimal(18, 2)) as margin,
    cast(sum(days.dated_sales) as decimal(18, 2)) as dated_sales,
    cast(sum(days.new_product_sales) as decimal(18, 2)) as new_product_sales
from {{ ref('int_retention__periods_listed') }} as periods
left join days
    on
        periods.period_start <= days.business_date
        and periods.period_end >= days.business_date
group by
    periods.period_kind, periods.period_start, periods.period_end, periods.previous_start
