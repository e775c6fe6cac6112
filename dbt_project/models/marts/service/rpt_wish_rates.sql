-- Judged are the days of the year to as_of for which a late wish would no longer count.
with occasions as (
    select 'birthday' as occasion
    union all
    select 'festival' as occasion
),

counted as (
    select
        wishes.occasion,
        count(*) as events,
        count(wishes.wished_date) as wished
    from {{ ref('int_service__wishes_dated') }} as wishes
    cross join {{ ref('int_service__rules_dated') }} as rules
    where {{ days_between('wishes.event_date', 'rules.as_of') }} >= rules.wish_done_days
    group by wishes.occasion
)

select
    occasions.occasion,
    case when delivered.is_delivered then cast(counted.events as integer) end as events,
    case when delivered.is_delivered then cast(counted.wished as integer) end as wished,
    case
        when delivered.is_delivered
            then cast(counted.wished as double) / nullif(counted.events, 0)
    end as done_rate,
    case
        when not delivered.is_delivered then 'no data: ref_interactions'
        when counted.events is null then 'no data: nobody to wish'
        else 'measured'
    end as status,
    context.as_of
from occasions
inner join {{ ref('int_loads__feeds_delivered') }} as delivered
    on delivered.feed = 'ref_interactions'
cross join {{ ref('int_build__context_stated') }} as context
left join counted on occasions.occasion = counted.occasion
