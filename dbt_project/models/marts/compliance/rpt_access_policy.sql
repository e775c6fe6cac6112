select
    grants.object_name,
    grants.role_name,
    grants.allowed_columns,
    grants.row_filter,
    grants.granted_by,
    grants.from_date,
    grants.to_date,
    grants.status,
    context.as_of
from {{ ref('int_compliance__grants_listed') }} as grants
cross join {{ ref('int_build__context_stated') }} as context
