-- Opens at the end of the month that makes the series of falls too long, closes at the end of the
-- first month that does not fall.
with closed_months as (
    select months.*
    from {{ ref('int_quality__months_scored') }} as months
    inner join {{ ref('int_build__context_stated') }} as context
        on months.month_end <= context.as_of
),

too_long as (
    select
        closed_months.feed,
        closed_months.store_id,
        closed_months.series_no,
        min(closed_months.month_end) as opened_date,
        min(allowed.value_number) as threshold
    from closed_months
    inner join {{ ref('int_parameters__periods_dated') }} as allowed
        on
            allowed.code = 'dq_decline_months'
            and closed_months.month_end >= allowed.valid_from
            and closed_months.month_end < allowed.valid_before
            and closed_months.months_falling >= allowed.value_number
    group by closed_months.feed, closed_months.store_id, closed_months.series_no
)

select
    'DQ_DECLINE' as alert_code,
    case when too_long.store_id is null then 'feed' else 'feed_store' end as entity_type,
    too_long.feed || coalesce('/' || too_long.store_id, '') as entity_id,
    too_long.opened_date,
    ended.month_end as closed_date,
    cast(longest.months_falling as double) as alert_value,
    cast(too_long.threshold as double) as threshold,
    case when ended.month_end is not null then 'the score no longer falls' end as feedback
from too_long
inner join (
    select
        feed,
        store_id,
        series_no,
        max(months_falling) as months_falling
    from closed_months
    group by feed, store_id, series_no
) as longest
    on
        too_long.feed = longest.feed
        and coalesce(too_long.store_id, '') = coalesce(longest.store_id, '')
        and too_long.series_no = longest.series_no
left join closed_months as ended
    on
        too_long.feed = ended.feed
        and coalesce(too_long.store_id, '') = coalesce(ended.store_id, '')
        and too_long.series_no + 1 = ended.series_no
        and not ended.has_fallen
