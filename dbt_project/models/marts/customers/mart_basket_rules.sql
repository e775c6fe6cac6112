select
    pairs.series_a,
    pairs.series_b,
    cast(pairs.receipts_both as double) / pairs.receipts as support,
    cast(pairs.receipts_both as double) / pairs.receipts_a as confidence,
    cast(pairs.receipts_both as double) * pairs.receipts
    / (cast(pairs.receipts_a as double) * pairs.receipts_b) as lift,
    pairs.receipts_both,
    pairs.receipts_a,
    pairs.receipts_b,
    pairs.receipts,
    context.as_of
from {{ ref('int_baskets__pairs_counted') }} as pairs
cross join {{ ref('int_build__context_stated') }} as context
where pairs.moment = 'now'
