select
    cast(scores.customer_id as string) as customer_id,
    cast(scores.factor as string) as factor,
    cast(scores.score as double) as score,
    context.as_of
from {{ ref('int_segments__factor_scores_computed') }} as scores
cross join {{ ref('int_build__context_stated') }} as context
