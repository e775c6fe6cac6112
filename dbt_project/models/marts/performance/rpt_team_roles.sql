-- A team is that of a store, or of the head office where it has none. Each has a line for its
-- leader, whether there is one or not, and one for every role that somebody holds or held.
with teams as (
    select
        coalesce(team, 'none') as team,
        coalesce(store_id, 'head office') as place,
        coalesce(staff_role, 'none') as staff_role,
        staff_id,
        is_employed
    from {{ ref('int_performance__people_listed') }}
),

lines as (
    select
        team,
        place,
        staff_role
    from teams
    union
    select
        team,
        place,
        'leader' as staff_role
    from teams
    where is_employed
    union
    select
        team,
        coalesce(store_id, 'head office') as place,
        staff_role
    from {{ ref('int_performance__accounts_held') }}
),

held as (
    select
        coalesce(team, 'none') as team,
        coalesce(store_id, 'head office') as place,
        staff_role,
        count(*) as customers
    from {{ ref('int_performance__accounts_held') }}
    group by coalesce(team, 'none'), coalesce(store_id, 'head office'), staff_role
),

counted as (
    select
        team,
        place,
        staff_role,
        count(case when is_employed then staff_id end) as people,
        count(*) as people_ever
    from teams
    group by team, place, staff_role
),

alive as (
    select
        team,
        place,
        max(case when is_employed then 1 else 0 end) as has_people
    from teams
    group by team, place
)

select
    lines.team,
    lines.place,
    lines.staff_role,
    lines.staff_role in (
        'leader', 'account_manager', 'service_representative', 'technical_support'
    ) as is_listed_role,
    cast(coalesce(counted.people, 0) as integer) as people,
    cast(coalesce(counted.people_ever, 0) as integer) as people_ever,
    cast(coalesce(held.customers, 0) as integer) as customers,
    case
        when lines.team = 'unknown' then 'not in the staff register'
        when coalesce(alive.has_people, 0) = 0 then 'team ended'
        when lines.staff_role = 'leader' and coalesce(counted.people, 0) = 0 then 'no leader'
        when coalesce(counted.people, 0) = 0 then 'vacant'
        when
            lines.staff_role not in (
                'leader', 'account_manager', 'service_representative', 'technical_support'
            )
            then 'role outside the list'
        else 'in order'
    end as finding,
    context.as_of
from lines
cross join {{ ref('int_build__context_stated') }} as context
left join counted
    on
        lines.team = counted.team
        and lines.place = counted.place
        and lines.staff_role = counted.staff_role
left join held
    on
        lines.team = held.team
        and lines.place = held.place
        and lines.staff_role = held.staff_role
left join alive on lines.team = alive.team and lines.place = alive.place
