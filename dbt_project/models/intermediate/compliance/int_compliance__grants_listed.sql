-- What is not listed is denied: a table without a grant has a row that says so.
select
    coalesce(marts.object_name, grants.object_name) as object_name,
    grants.role_name,
    grants.allowed_columns,
    grants.row_filter,
    grants.granted_by,
    grants.from_date,
    grants.to_date,
    case
        when grants.role_name is null then 'denied to all'
        when marts.object_name is null then 'no such table'
        when grants.from_date > context.as_of then 'not yet'
        when grants.to_date < context.as_of then 'ended'
        else 'granted'
    end as status
from {{ ref('int_build__marts_listed') }} as marts
full outer join {{ ref('stg_reference__access_policy') }} as grants
    on marts.object_name = grants.object_name
cross join {{ ref('int_build__context_stated') }} as context
