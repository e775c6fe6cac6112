with kinds as (
    select 'past buyers' as offered_to
    union all
    select 'new people' as offered_to
),

counted as (
    select
        case when is_to_past_buyer then 'past buyers' else 'new people' end as offered_to,
        count(*) as offers,
        count(case when is_answered then 1 end) as answered
    from {{ ref('int_economics__offers_answered') }}
    group by case when is_to_past_buyer then 'past buyers' else 'new people' end
)

select
    kinds.offered_to,
    cast(counted.offers as integer) as offers,
    cast(counted.answered as integer) as successes,
    cast(counted.answered as double) / counted.offers as success_rate,
    case when counted.offers is null then 'no data' else 'measured' end as status,
    context.as_of
from kinds
cross join {{ ref('int_build__context_stated') }} as context
left join counted on kinds.offered_to = counted.offered_to
