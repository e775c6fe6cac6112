-- Audits are known by the day on which their findings were entered, and by the machine's own scans.
with held as (
    select plan_date as audit_date
    from {{ ref('stg_reference__improvements') }}
    where source_kind = 'audit'
    union
    select
        cast({{ utc_to_local('accesses.accessed_at', 'context.chain_timezone') }} as date)
            as audit_date
    from {{ ref('stg_lake__accesses') }} as accesses
    cross join {{ ref('int_build__context_stated') }} as context
    where accesses.action = 'audit'
)

select
    held.audit_date,
    lead(held.audit_date) over (order by held.audit_date asc) as next_audit_date
from held
cross join {{ ref('int_build__context_stated') }} as context
where held.audit_date <= context.as_of
