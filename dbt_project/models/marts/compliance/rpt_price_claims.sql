select
    claims.campaign_id,
    cast(claims.advertised_price as decimal(18, 2)) as advertised_price,
    cast(sum(claims.receipts) as integer) as receipts,
    cast(sum(claims.receipts_above) as integer) as receipts_above,
    cast(max(claims.highest_price) as decimal(18, 2)) as highest_price,
    cast(max(claims.highest_price) - max(claims.advertised_price) as decimal(18, 2))
        as highest_difference,
    min(case when claims.receipts_above > 0 then claims.business_date end) as first_above_date,
    max(case when claims.receipts_above > 0 then claims.business_date end) as last_above_date,
    claims.currency,
    context.as_of
from {{ ref('int_compliance__claims_checked') }} as claims
cross join {{ ref('int_build__context_stated') }} as context
group by claims.campaign_id, claims.advertised_price, claims.currency, context.as_of
