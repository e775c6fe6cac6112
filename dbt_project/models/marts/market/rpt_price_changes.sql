select
    found.product_code,
    found.change_date,
    cast(found.price_before as decimal(18, 4)) as price_before,
    cast(found.price as decimal(18, 4)) as price,
    cast(found.stores as integer) as stores,
    found.aim,
    found.method,
    found.campaign_id,
    case
        when
            found.qty_after > 0
            and found.qty_before > 0
            and found.price > 0
            and found.price_before > 0
            then
                round(
                    ln(cast(found.qty_after as double) / cast(found.qty_before as double))
                    / ln(cast(found.price as double) / cast(found.price_before as double)), 6
                )
    end as elasticity,
    case
        when found.qty_after is null then 'too early for an elasticity'
        when found.campaign_id is null then 'no campaign says the aim'
    end as reason,
    context.as_of
from {{ ref('int_market__price_changes_found') }} as found
cross join {{ ref('int_build__context_stated') }} as context
