-- Growth in numbers and growth in quality side by side, neither hard-coded as success (OP-18). What
-- nobody is known of is a part of its own.
select
    sales.period_kind,
    sales.period_start,
    sales.period_end,
    balance.opening_customers,
    balance.new_customers,
    balance.regained_customers,
    balance.lost_customers,
    balance.closing_customers,
    balance.regained_value,
    sales.net_sales,
    before.net_sales as net_sales_before,
    cast(sales.net_sales - before.net_sales as decimal(18, 2)) as sales_change,
    case when sales.net_sales - before.net_sales is not null then split.came_customers end
        as came_customers,
    case when sales.net_sales - before.net_sales is not null then split.left_customers end
        as left_customers,
    case when sales.net_sales - before.net_sales is not null then split.kept_customers end
        as kept_customers,
    case when sales.net_sales - before.net_sales is not null then split.new_effect end
        as new_effect,
    case when sales.net_sales - before.net_sales is not null then split.lost_effect end
        as lost_effect,
    case when sales.net_sales - before.net_sales is not null then split.kept_effect end
        as kept_effect,
    cast(
        (sales.net_sales - sales.identified_sales) - (before.net_sales - before.identified_sales)
        as decimal(18, 2)
    ) as anonymous_effect,
    case
        when sales.net_sales - before.net_sales is not null
            then cast(split.kept_spend as double) / nullif(split.kept_customers, 0)
    end as sales_per_kept_customer,
    cast(sales.identified_sales as double) / nullif(split.buyers, 0) as sales_per_customer,
    cast(sales.identified_sales as double) / nullif(cast(sales.net_sales as double), 0)
        as coverage_pct,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_performance__sales_measured') }} as sales
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_performance__customers_balanced') }} as balance
    on
        sales.period_kind = balance.period_kind
        and sales.period_start = balance.period_start
left join {{ ref('int_performance__growth_split') }} as split
    on
        sales.period_kind = split.period_kind
        and sales.period_start = split.period_start
left join {{ ref('int_performance__sales_measured') }} as before
    on
        sales.period_kind = before.period_kind
        and sales.previous_start = before.period_start
