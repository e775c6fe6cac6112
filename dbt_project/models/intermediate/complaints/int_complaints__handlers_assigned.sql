-- Somebody is in charge from the first version that names a handler; where the first version known
-- names one, nothing shows that the complaint ever waited.
with numbered as (
    select
        complaint_id,
        version_no,
        updated_at,
        updated_at_is_utc,
        row_number() over (partition by complaint_id order by version_no asc) as naming_no
    from {{ ref('stg_complaints__versions') }}
    where handler_id is not null
)

select
    complaints.complaint_id,
    complaints.handler_id,
    cast(
        case
            when named.version_no = 1 or named.updated_at is null
                then complaints.received_at_local
            when named.updated_at_is_utc
                then {{ utc_to_local('named.updated_at', 'complaints.timezone') }}
            else named.updated_at
        end as date
    ) as assigned_date
from {{ ref('int_complaints__received_localised') }} as complaints
inner join numbered as named
    on complaints.complaint_id = named.complaint_id and named.naming_no = 1
