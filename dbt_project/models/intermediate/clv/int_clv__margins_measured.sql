-- Margin of the year before as_of at the products' unit costs; lines without a cost tell nothing.
with lines as (
    select
        sales.customer_id,
        sales.net_amount_chain as net_spend,
        case
            when products.unit_cost is not null
                then sales.net_amount_chain - sales.qty * products.unit_cost
        end as margin
    from {{ ref('int_sales__lines_kept') }} as sales
    inner join {{ ref('int_build__context_stated') }} as context
        on {{ days_between('sales.business_date', 'context.as_of') }} < 365
    left join {{ ref('int_products__series_mapped') }} as products
        on sales.product_code = products.product_code
    where sales.customer_id is not null
),

customers as (
    select
        customer_id,
        sum(net_spend) as net_spend,
        sum(case when margin is not null then net_spend end) as costed_spend,
        sum(margin) as margin
    from lines
    group by customer_id
),

chain as (
    select cast(sum(margin) as double) / nullif(cast(sum(costed_spend) as double), 0) as share
    from customers
)

select
    customers.customer_id,
    cast(customers.net_spend as decimal(18, 2)) as net_spend_365d,
    cast(customers.margin as decimal(18, 2)) as margin_365d,
    case
        when customers.costed_spend > 0
            then cast(customers.margin as double) / cast(customers.costed_spend as double)
    end as own_margin_share,
    chain.share as chain_margin_share
from customers
cross join chain
