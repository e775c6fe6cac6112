-- What customers paid less by what was advertised as less: the rest stayed with somebody else.
select
    priced.campaign_id,
    priced.product_code,
    priced.start_date,
    priced.end_date,
    priced.price_before,
    priced.price_during,
    priced.price_after,
    cast(priced.days_to_return as integer) as days_to_return,
    case
        when priced.is_over
            then
                cast(coalesce(priced.sales_after, 0) as double)
                / nullif(cast(priced.sales_before as double), 0) - 1
    end as sales_change,
    case
        when not coalesce(priced.is_bundle, false) and priced.price_before > priced.advertised_price
            then
                (priced.price_before - priced.price_during)
                / (priced.price_before - cast(priced.advertised_price as double))
    end as pass_through,
    case
        when priced.price_before is null then 'no data'
        when priced.is_returned then 'recovered'
        when not priced.is_return_due then 'too early'
        when priced.price_after is null then 'no data'
        else 'not recovered'
    end as status,
    case
        when priced.price_before is null then 'not sold before it'
        when priced.is_returned is null and priced.price_after is null then 'not sold after it'
        when priced.advertised_price is null then 'no advertised price: no pass-through'
        when priced.is_bundle then 'the advertised price is that of a bundle'
    end as reason,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_market__promotions_priced') }} as priced
cross join {{ ref('int_build__context_stated') }} as context
