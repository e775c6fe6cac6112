-- When a dealer leaves, each of his outlets is uncovered until the direct team or another partner
-- is recorded for it; one that somebody else had taken over by then is not.
with records as (
    select
        records.record_id,
        records.outlet_id,
        records.partner_id,
        records.reported_date,
        coalesce(records.served_by, 'dealer') = 'direct' as is_direct
    from {{ ref('stg_reference__partners') }} as records
    cross join {{ ref('int_build__context_stated') }} as context
    where records.record_kind = 'outlet' and records.reported_date <= context.as_of
),

profiles as (
    select
        partner_id,
        left_date,
        row_number() over (
            partition by partner_id
            order by reported_date desc, record_id desc
        ) as place
    from {{ ref('stg_reference__partners') }}
    where record_kind = 'profile'
),

exits as (
    select distinct
        profiles.partner_id as dealer_id,
        profiles.left_date,
        records.outlet_id,
        context.as_of
    from profiles
    cross join {{ ref('int_build__context_stated') }} as context
    inner join records on profiles.partner_id = records.partner_id
    where profiles.place = 1 and profiles.left_date <= context.as_of
),

held as (
    select
        exits.dealer_id,
        exits.left_date,
        exits.outlet_id,
        exits.as_of,
        records.is_direct or records.partner_id <> exits.dealer_id as is_covered,
        records.reported_date,
        row_number() over (
            partition by exits.dealer_id, exits.outlet_id
            order by
                case when records.reported_date < exits.left_date then 0 else 1 end asc,
                records.reported_date desc,
                records.record_id desc
        ) as place
    from exits
    inner join records on exits.outlet_id = records.outlet_id
),

dated as (
    select
        dealer_id,
        outlet_id,
        left_date,
        as_of,
        max(case when place = 1 and reported_date < left_date and is_covered then 1 else 0 end)
            as was_covered,
        min(case when is_covered and reported_date >= left_date then reported_date end)
            as covered_date
    from held
    group by dealer_id, outlet_id, left_date, as_of
)

select
    dealer_id,
    outlet_id,
    left_date,
    covered_date,
    {{ days_between('left_date', 'coalesce(covered_date, as_of)') }} as uncovered_days
from dated
where was_covered = 0
