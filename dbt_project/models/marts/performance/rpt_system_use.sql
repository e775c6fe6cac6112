-- Who has a role in the warehouse, who learned to use it and who does. Without courses, or without
-- a single reading ever told, there is no data.
with known as (
    select
        max(case when feed = 'ref_training' and is_delivered then 1 else 0 end) = 1
            as has_training,
        max(case when feed = 'ref_read_receipts' and is_delivered then 1 else 0 end) = 1
        or exists (select 1 from {{ ref('int_compliance__accesses_listed') }}) as has_uses
    from {{ ref('int_loads__feeds_delivered') }}
),

granted as (
    select distinct
        access_held.role_name,
        access_held.staff_id
    from {{ ref('int_compliance__access_held') }} as access_held
    inner join {{ ref('int_build__context_stated') }} as context
        on
            access_held.from_date <= context.as_of
            and coalesce(access_held.to_date >= context.as_of, true)
),

trained as (
    select distinct courses.staff_id
    from {{ ref('int_performance__courses_attended') }} as courses
    inner join {{ ref('int_build__context_stated') }} as context
        on courses.held_date <= context.as_of
    where courses.topic = 'system' and coalesce(courses.has_passed, true)
),

active as (
    select distinct uses.person_id
    from {{ ref('int_performance__uses_dated') }} as uses
    inner join {{ ref('int_performance__rules_dated') }} as rules
        on
            uses.use_date <= rules.as_of
            and uses.use_date
            > {{ add_days('rules.as_of', '-cast(rules.system_active_days as integer)') }}
),

users as (
    select
        granted.role_name,
        granted.staff_id,
        trained.staff_id is not null as is_trained,
        active.person_id is not null as is_active
    from granted
    left join trained on granted.staff_id = trained.staff_id
    left join active on granted.staff_id = active.person_id
),

counted as (
    select
        role_name,
        count(*) as granted,
        count(case when is_trained then 1 end) as trained,
        count(case when is_active then 1 end) as active
    from users
    group by role_name
    union all
    -- Everybody counts once, whatever the number of roles.
    select
        'all' as role_name,
        count(distinct staff_id) as granted,
        count(distinct case when is_trained then staff_id end) as trained,
        count(distinct case when is_active then staff_id end) as active
    from users
)

select
    counted.role_name,
    cast(counted.granted as integer) as granted_users,
    cast(case when known.has_training then counted.trained end as integer) as trained_users,
    cast(case when known.has_uses then counted.active end as integer) as active_users,
    case when known.has_training then cast(counted.trained as double) end
    / nullif(counted.granted, 0) as trained_share,
    case when known.has_uses then cast(counted.active as double) end
    / nullif(counted.granted, 0) as active_share,
    case
        when counted.granted = 0 then 'nobody has a role'
        when not known.has_training then 'courses were never delivered'
        when not known.has_uses then 'no reading was ever told'
    end as reason,
    context.as_of
from counted
cross join known
cross join {{ ref('int_build__context_stated') }} as context
