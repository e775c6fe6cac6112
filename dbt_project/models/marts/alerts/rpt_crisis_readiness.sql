with types as (
    select
        records.crisis_type,
        max(
            case
                when
                    records.record_kind = 'plan'
                    and coalesce(records.valid_from_date, context.as_of) <= context.as_of
                    then 1
                else 0
            end
        ) as has_plan
    from {{ ref('int_crisis__records_localised') }} as records
    cross join {{ ref('int_build__context_stated') }} as context
    group by records.crisis_type
),

counted as (
    select
        count(*) as crisis_types,
        sum(has_plan) as crisis_types_planned
    from types
),

teams as (
    select
        count(distinct staff_id) as team_members,
        count(distinct case when is_trained then staff_id end) as trained_members
    from {{ ref('int_crisis__members_trained') }}
)

select
    cast(nullif(counted.crisis_types, 0) as integer) as crisis_types,
    cast(counted.crisis_types_planned as integer) as crisis_types_planned,
    cast(counted.crisis_types_planned as double) / nullif(counted.crisis_types, 0) as plan_coverage,
    cast(nullif(teams.team_members, 0) as integer) as team_members,
    cast(case when teams.team_members > 0 then teams.trained_members end as integer)
        as trained_members,
    cast(teams.trained_members as double) / nullif(teams.team_members, 0) as trained_share,
    case when counted.crisis_types = 0 then 'no data' else 'measured' end as status,
    context.as_of
from counted
cross join teams
cross join {{ ref('int_build__context_stated') }} as context
