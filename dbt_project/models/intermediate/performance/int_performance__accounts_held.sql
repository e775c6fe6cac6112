-- Who looks after a customer on as_of; of several the one assigned last, so that a customer who was
-- handed over counts once.
with current_owners as (
    select
        owners.customer_id,
        owners.staff_id,
        owners.from_date,
        row_number() over (
            partition by owners.customer_id
            order by owners.from_date desc, owners.staff_id asc
        ) as place
    from {{ ref('int_tiers__key_owners_assigned') }} as owners
    inner join {{ ref('int_build__context_stated') }} as context
        on
            owners.from_date <= context.as_of
            and coalesce(owners.before_date > context.as_of, true)
)

select
    owners.customer_id,
    owners.staff_id,
    owners.from_date,
    coalesce(people.team, 'unknown') as team,
    people.store_id,
    coalesce(people.staff_role, 'unknown') as staff_role
from current_owners as owners
left join {{ ref('int_performance__people_listed') }} as people
    on owners.staff_id = people.staff_id
where owners.place = 1
