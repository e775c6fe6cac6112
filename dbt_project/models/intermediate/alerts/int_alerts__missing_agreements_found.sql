-- Opens on the first day with access and without an agreement: at the beginning of the access or on
-- the day after an agreement. Where no register was ever delivered nothing can be said.
with signed as (
    select
        party_id as staff_id,
        valid_from_date as from_date,
        {{ add_days('valid_to_date', 1) }} as before_date
    from {{ ref('int_compliance__agreements_stated') }}
    where kind = 'confidentiality'
),

starts as (
    select
        staff_id,
        from_date as gap_from,
        from_date,
        {{ add_days('to_date', 1) }} as access_before
    from {{ ref('int_compliance__access_held') }}
    union
    select
        access_held.staff_id,
        signed.before_date as gap_from,
        access_held.from_date,
        {{ add_days('access_held.to_date', 1) }} as access_before
    from {{ ref('int_compliance__access_held') }} as access_held
    inner join signed
        on
            access_held.staff_id = signed.staff_id
            and access_held.from_date < signed.before_date
            and coalesce(access_held.to_date >= signed.before_date, true)
),

gaps as (
    select
        starts.staff_id,
        starts.gap_from,
        starts.access_before,
        min(later.from_date) as signed_date
    from starts
    left join signed as held
        on
            starts.staff_id = held.staff_id
            and starts.gap_from >= held.from_date
            and coalesce(starts.gap_from < held.before_date, true)
    left join signed as later
        on starts.staff_id = later.staff_id and starts.gap_from < later.from_date
    where held.staff_id is null
    group by starts.staff_id, starts.gap_from, starts.access_before
),

healed as (
    select
        staff_id,
        gap_from,
        least(
            coalesce(signed_date, access_before), coalesce(access_before, signed_date)
        ) as gap_before
    from gaps
)

select
    'NDA_MISSING' as alert_code,
    'staff' as entity_type,
    healed.staff_id as entity_id,
    healed.gap_from as started_date,
    case when healed.gap_before <= context.as_of then healed.gap_before end as ended_date,
    cast(
        {{ days_between(
            'healed.gap_from', 'least(context.as_of, coalesce(healed.gap_before, context.as_of))'
        ) }} as double
    ) as measure,
    cast(0 as double) as threshold,
    'the agreement was signed or the access ended' as healed_by
from healed
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_loads__feeds_delivered') }} as delivered
    on delivered.feed = 'ref_agreements' and delivered.is_delivered
where healed.gap_from <= context.as_of
