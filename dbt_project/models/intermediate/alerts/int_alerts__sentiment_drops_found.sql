-- Lasts until the next day with enough posts that are not as bad, or until the window has emptied.
with judged as (
    select
        days.*,
        lead(days.captured_date) over (
            partition by days.entity_type, days.entity_id
            order by days.captured_date asc
        ) as next_judged_date,
        {{ add_days('days.captured_date', 'days.window_days') }} as emptied_date
    from {{ ref('int_feedback__sentiments_averaged') }} as days
    where days.is_drop is not null
)

select
    'SENTIMENT_DROP' as alert_code,
    judged.entity_type,
    judged.entity_id,
    judged.captured_date as started_date,
    case
        when judged.next_judged_date <= judged.emptied_date then judged.next_judged_date
        when judged.emptied_date <= context.as_of then judged.emptied_date
    end as ended_date,
    judged.sentiment_window_mean as measure,
    judged.drop_below as threshold,
    'posts were no longer clearly bad' as healed_by
from judged
cross join {{ ref('int_build__context_stated') }} as context
where judged.is_drop
