select
    fields.feed,
    fields.column_name,
    fields.field_group,
    fields.purpose,
    fields.used_by,
    fields.is_unused,
    delivered.is_delivered,
    context.as_of
from {{ ref('int_quality__fields_listed') }} as fields
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_loads__feeds_delivered') }} as delivered on fields.feed = delivered.feed
