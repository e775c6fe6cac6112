-- An outlet is looked after by who its newest record names; whoever has left by as_of does not.
with records as (
    select
        *,
        row_number() over (
            partition by outlet_id
            order by reported_date desc, record_id desc
        ) as place
    from {{ ref('stg_reference__partners') }}
    where record_kind = 'outlet'
),

submitted as (
    select
        outlet_id,
        max(submitted_date) as submitted_date
    from {{ ref('stg_reference__partners') }}
    where record_kind = 'outlet'
    group by outlet_id
),

dealers as (
    select
        *,
        row_number() over (
            partition by partner_id
            order by reported_date desc, record_id desc
        ) as place
    from {{ ref('stg_reference__partners') }}
    where record_kind = 'profile'
),

reps as (
    select
        staff_id,
        left_date
    from {{ ref('stg_reference__staff') }}
    where record_kind = 'person'
)

select
    records.outlet_id,
    records.partner_id as dealer_id,
    records.rep_id,
    records.served_by,
    records.opened_date,
    submitted.submitted_date,
    submitted.submitted_date is null as is_without_record,
    dealers.left_date as dealer_left_date,
    coalesce(dealers.left_date < context.as_of, false)
    and coalesce(records.served_by, 'dealer') <> 'direct' as has_dealer_left,
    reps.left_date as rep_left_date,
    coalesce(reps.left_date < context.as_of, false) as has_rep_left
from records
cross join {{ ref('int_build__context_stated') }} as context
inner join submitted on records.outlet_id = submitted.outlet_id
left join dealers on records.partner_id = dealers.partner_id and dealers.place = 1
left join reps on records.rep_id = reps.staff_id
where records.place = 1
