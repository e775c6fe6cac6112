-- Only who has access on as_of: a leaver's duty stands in rpt_agreements.
with trained as (
    select
        staff_id,
        max(held_date) as last_training_date
    from {{ ref('int_compliance__security_courses_attended') }}
    group by staff_id
),

signed as (
    select
        agreements.party_id as staff_id,
        max(agreements.agreement_id) as agreement_id
    from {{ ref('int_compliance__agreements_stated') }} as agreements
    cross join {{ ref('int_build__context_stated') }} as context
    where
        agreements.kind = 'confidentiality'
        and agreements.valid_from_date <= context.as_of
        and coalesce(agreements.valid_to_date >= context.as_of, true)
    group by agreements.party_id
)

select
    access_held.staff_id,
    access_held.role_name,
    access_held.from_date,
    signed.agreement_id,
    case
        when not agreements_delivered.is_delivered then 'no data'
        when signed.agreement_id is null then 'missing'
        else 'valid'
    end as agreement_status,
    trained.last_training_date,
    cast({{ days_between('trained.last_training_date', 'rules.as_of') }} as integer)
        as days_since_training,
    case
        when not training_delivered.is_delivered then 'no data'
        when trained.last_training_date is null then 'never'
        when
            {{ days_between('trained.last_training_date', 'rules.as_of') }}
            > rules.security_training_days
            then 'overdue'
        else 'in time'
    end as training_status,
    rules.as_of
from {{ ref('int_compliance__access_held') }} as access_held
cross join {{ ref('int_compliance__rules_dated') }} as rules
inner join {{ ref('int_loads__feeds_delivered') }} as agreements_delivered
    on agreements_delivered.feed = 'ref_agreements'
inner join {{ ref('int_loads__feeds_delivered') }} as training_delivered
    on training_delivered.feed = 'ref_training'
left join signed on access_held.staff_id = signed.staff_id
left join trained on access_held.staff_id = trained.staff_id
where
    access_held.from_date <= rules.as_of
    and coalesce(access_held.to_date >= rules.as_of, true)
