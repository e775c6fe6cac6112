-- Whoever has a role in the warehouse may read people's data from the first day of work on to the
-- last.
select
    staff_id,
    system_role as role_name,
    joined_date as from_date,
    left_date as to_date
from {{ ref('stg_reference__staff') }}
where record_kind = 'person' and system_role is not null
