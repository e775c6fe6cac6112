-- No exchange rates are delivered yet: an amount in another currency is unknown in the chain's
-- currency, never taken at face value (DQ-14).
select
    sales.*,
    case when sales.currency = context.chain_currency then sales.net_amount end as net_amount_chain,
    case when sales.currency = context.chain_currency then sales.discount end as discount_chain
from {{ ref('int_sales__times_localised') }} as sales
cross join {{ ref('int_build__context_stated') }} as context
