{% set in_chain_currency = 'sales.currency = context.chain_currency' %}

-- The rate of a sale is the newest one of its business date or before. Without a rate an amount in
-- another currency is unknown in the chain's, never taken at face value (DQ-14).
select
    sales.*,
    case
        when {{ in_chain_currency }} then sales.net_amount
        else cast(sales.net_amount * rates.rate as decimal(18, 2))
    end as net_amount_chain,
    case
        when {{ in_chain_currency }} then sales.discount
        else cast(sales.discount * rates.rate as decimal(18, 2))
    end as discount_chain
from {{ ref('int_sales__versions_dated') }} as sales
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_currency__rates_dated') }} as rates
    on
        sales.currency = rates.currency
        and sales.business_date >= rates.valid_from
        and sales.business_date < rates.valid_before
left join {{ ref('int_sales__versions_replaced') }} as replaced
    on sales.load_id = replaced.load_id and sales.file_row = replaced.file_row
where replaced.load_id is null
