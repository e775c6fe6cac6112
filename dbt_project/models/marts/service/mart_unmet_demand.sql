-- A wish in words is shown once several people of the chain have told it, the others are counted
-- as other. A cell with anonymous answers shows its number only if it is large enough.
with limits as (
    select
        max(case when periods.code = 'unmet_wish_min_cell' then periods.value_number end)
            as min_wishes,
        max(case when periods.code = 'anonymity_min_cell' then periods.value_number end)
            as min_answers
    from {{ ref('int_build__context_stated') }} as context
    inner join {{ ref('int_parameters__periods_dated') }} as periods
        on context.as_of >= periods.valid_from and context.as_of < periods.valid_before
),

named as (
    select
        told.store_id,
        told.month_start,
        told.reason,
        told.is_anonymous,
        limits.min_answers,
        case
            when count(*) over (partition by told.wish) >= limits.min_wishes then told.wish
            else 'other'
        end as wish
    from {{ ref('int_service__wishes_told') }} as told
    cross join limits
),

counted as (
    select
        wish,
        store_id,
        month_start,
        reason,
        case
            when
                max(case when is_anonymous then 1 else 0 end) = 0
                or {{ is_large_cell('count(*)', 'max(min_answers)') }}
                then count(*)
        end as n
    from named
    group by wish, store_id, month_start, reason
),

delivered as (
    select count(case when is_delivered then 1 end) > 0 as is_delivered
    from {{ ref('int_loads__feeds_delivered') }}
    where feed in ('ref_interactions', 'survey_responses')
)

select
    counted.wish,
    counted.store_id,
    counted.month_start,
    counted.reason,
    cast(counted.n as integer) as n,
    case
        when not delivered.is_delivered then 'no data'
        when counted.n is null then 'too few'
        else 'measured'
    end as status,
    context.as_of
from delivered
cross join {{ ref('int_build__context_stated') }} as context
left join counted on delivered.is_delivered
where counted.wish is not null or not delivered.is_delivered
