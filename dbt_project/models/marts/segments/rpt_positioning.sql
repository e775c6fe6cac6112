select
    positions.segment,
    positions.is_target,
    positions.valid_from_date as valid_from,
    positions.product,
    positions.price,
    positions.channel,
    positions.service,
    positions.communication,
    positions.review_date,
    positions.problem,
    case when positions.segment is not null then 'measured' else 'no data' end as status,
    context.as_of
from {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_segments__positions_checked') }} as positions on context.as_of is not null
