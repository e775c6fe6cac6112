-- Prices are compared product by product at the quantities of the loyal, so that another mix is no
-- other price; a product that only one group bought says nothing. Refunds are left out.
with groups as (
    select
        indices.customer_id,
        indices.year,
        round(indices.loyalty_index, 9) >= rules.loyalty_target as is_loyal
    from {{ ref('mart_loyalty_index') }} as indices
    cross join {{ ref('int_economics__rules_dated') }} as rules
    where indices.loyalty_index is not null
),

products as (
    select
        groups.year,
        sales.product_code,
        sum(case when groups.is_loyal then sales.qty end) as loyal_qty,
        sum(case when not groups.is_loyal then sales.qty end) as other_qty,
        sum(case when groups.is_loyal then sales.net_amount_chain end) as loyal_sales,
        sum(case when not groups.is_loyal then sales.net_amount_chain end) as other_sales
    from groups
    inner join {{ ref('int_sales__lines_kept') }} as sales
        on
            groups.customer_id = sales.customer_id
            and groups.year = cast(extract(year from sales.business_date) as integer)
    where not sales.is_refund and sales.qty > 0 and sales.net_amount_chain is not null
    group by groups.year, sales.product_code
),

prices as (
    select
        year,
        cast(sum(loyal_qty) as double) as loyal_qty,
        cast(sum(other_qty) as double) as other_qty,
        cast(sum(case when other_qty > 0 then loyal_sales end) as double) as loyal_sales_shared,
        sum(
            case
                when loyal_qty > 0
                    then
                        cast(loyal_qty as double) * cast(other_sales as double)
                        / cast(other_qty as double)
            end
        ) as loyal_sales_at_other_prices,
        count(case when loyal_qty > 0 and other_qty > 0 then 1 end) as shared_products
    from products
    group by year
),

sizes as (
    select
        year,
        count(case when is_loyal then 1 end) as loyal_customers,
        count(case when not is_loyal then 1 end) as other_customers
    from groups
    group by year
)

select
    cast(sizes.year as integer) as year,
    cast(sizes.loyal_customers as integer) as loyal_customers,
    cast(sizes.other_customers as integer) as other_customers,
    prices.loyal_qty / nullif(sizes.loyal_customers, 0) as loyal_items_mean,
    prices.other_qty / nullif(sizes.other_customers, 0) as other_items_mean,
    prices.loyal_qty / nullif(sizes.loyal_customers, 0)
    / nullif(prices.other_qty / nullif(sizes.other_customers, 0), 0) - 1 as items_difference,
    cast(coalesce(prices.shared_products, 0) as integer) as shared_products,
    -- Doubles are summed in no fixed order: their last digits are no result.
    round(prices.loyal_sales_shared / nullif(prices.loyal_sales_at_other_prices, 0) - 1, 9)
        as price_difference,
    case
        when sizes.loyal_customers = 0 then 'nobody is loyal'
        when sizes.other_customers = 0 then 'all are loyal'
        when coalesce(prices.shared_products, 0) = 0 then 'no product was bought by both'
    end as reason,
    coverage.coverage_pct,
    context.as_of
from sizes
cross join {{ ref('int_build__context_stated') }} as context
left join prices on sizes.year = prices.year
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on sizes.year = coverage.calendar_year
