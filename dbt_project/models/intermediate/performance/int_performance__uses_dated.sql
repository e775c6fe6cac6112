-- Reading as the access log tells it and as receipts of pages tell it, by person, table and day.
select
    accesses.person_id,
    accesses.object_name,
    cast({{ utc_to_local('accesses.accessed_at', 'context.chain_timezone') }} as date) as use_date
from {{ ref('int_compliance__accesses_listed') }} as accesses
cross join {{ ref('int_build__context_stated') }} as context
where accesses.action in ('read', 'call_list')
union distinct
select
    reader_id as person_id,
    report as object_name,
    read_date as use_date
from {{ ref('int_build__reads_localised') }}
