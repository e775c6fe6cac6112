select
    found.customer_id,
    found.attribute,
    found.feed,
    found.department,
    found.stated_value,
    found.winning_feed,
    found.winning_department,
    found.winning_value,
    'precedence ' || cast(found.winning_precedence as string)
    || ' before ' || cast(found.precedence as string) as rule,
    'conflict' as status,
    context.as_of
from {{ ref('int_customers__conflicts_found') }} as found
cross join {{ ref('int_build__context_stated') }} as context
union all
select
    cast(null as string) as customer_id,
    sources.attribute,
    sources.feed,
    sources.department,
    cast(null as string) as stated_value,
    cast(null as string) as winning_feed,
    cast(null as string) as winning_department,
    cast(null as string) as winning_value,
    cast(null as string) as rule,
    'no data' as status,
    context.as_of
from {{ ref('int_customers__sources_ranked') }} as sources
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_loads__feeds_delivered') }} as delivered
    on sources.feed = delivered.feed and not delivered.is_delivered
