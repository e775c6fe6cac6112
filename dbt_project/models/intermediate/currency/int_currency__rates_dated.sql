select
    rates.currency,
    rates.rate,
    rates.rate_date as valid_from,
    lead(rates.rate_date, 1, cast('9999-12-31' as date)) over (
        partition by rates.currency
        order by rates.rate_date asc
    ) as valid_before
from {{ ref('stg_reference__fx') }} as rates
inner join {{ ref('int_build__context_stated') }} as context
    on rates.to_currency = context.chain_currency
