-- Whoever was given anything needs an agreement on that day: staff one of confidentiality, a
-- partner one on data sharing.
with dated as (
    select
        accesses.*,
        cast({{ utc_to_local('accesses.accessed_at', 'context.chain_timezone') }} as date)
            as access_date
    from {{ ref('int_compliance__accesses_listed') }} as accesses
    cross join {{ ref('int_build__context_stated') }} as context
),

covered as (
    select
        dated.entry_no,
        max(agreements.agreement_id) as agreement_id
    from dated
    inner join {{ ref('int_compliance__agreements_stated') }} as agreements
        on
            dated.person_id = agreements.party_id
            and agreements.kind in ('confidentiality', 'data_sharing')
            and dated.access_date >= agreements.valid_from_date
            and coalesce(dated.access_date <= agreements.valid_to_date, true)
    group by dated.entry_no
)

select
    cast(dated.entry_no as integer) as entry_no,
    dated.accessed_at,
    dated.access_date,
    dated.person_id,
    dated.role_name,
    dated.action,
    dated.object_name,
    dated.row_filter,
    dated.rows_given,
    dated.version,
    covered.agreement_id,
    case
        when dated.action not in ('read', 'call_list') then 'nothing given'
        when covered.agreement_id is null then 'no valid agreement'
        else 'covered'
    end as agreement_status
from dated
left join covered on dated.entry_no = covered.entry_no
