-- Staff whose system role reads the digest, and whoever has a receipt for it.
with readers as (
    select
        staff.staff_id as reader_id,
        staff.joined_date as from_date,
        staff.left_date as to_date
    from {{ ref('stg_reference__staff') }} as staff
    inner join {{ ref('int_feedback__rules_dated') }} as rules
        on staff.system_role = rules.digest_reader_role
    where staff.record_kind = 'person'
    union all
    select
        reader_id,
        min(digest_date) as from_date,
        cast(null as date) as to_date
    from {{ ref('int_feedback__receipts_localised') }}
    group by reader_id
)

select
    reader_id,
    min(from_date) as from_date,
    case when count(*) = count(to_date) then max(to_date) end as to_date
from readers
group by reader_id
