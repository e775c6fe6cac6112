-- The precedence that holds at as_of.
with dated as (
    select
        sources.attribute,
        sources.feed,
        sources.department,
        sources.precedence,
        row_number() over (
            partition by sources.attribute, sources.feed
            order by sources.valid_from desc
        ) as place
    from {{ ref('ref_source_precedence') }} as sources
    inner join {{ ref('int_build__context_stated') }} as context
        on sources.valid_from <= context.as_of
)

select
    attribute,
    feed,
    department,
    precedence
from dated
where place = 1
