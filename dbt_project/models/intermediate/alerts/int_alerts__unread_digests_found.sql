-- One alert a day of the digest, however many of its pages are unread.
with days as (
    select
        pages.digest_date,
        max(pages.read_due_date) as read_due_date,
        count(
            case
                when coalesce(pages.first_read_date, context.as_of) > pages.read_due_date then 1
            end
        ) as unread_pages,
        case
            when count(*) = count(pages.first_read_date) then max(pages.first_read_date)
        end as read_date
    from {{ ref('int_feedback__pages_read') }} as pages
    cross join {{ ref('int_build__context_stated') }} as context
    where pages.is_reading_kept
    group by pages.digest_date
)

select
    'DIGEST_UNREAD' as alert_code,
    'digest' as entity_type,
    cast(days.digest_date as string) as entity_id,
    {{ add_days('days.read_due_date', 1) }} as started_date,
    days.read_date as ended_date,
    cast(days.unread_pages as double) as measure,
    cast(allowed.value_number as double) as threshold,
    'every page was read' as healed_by
from days
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_parameters__periods_dated') }} as allowed
    on
        allowed.code = 'digest_max_unread_pages'
        and days.read_due_date >= allowed.valid_from
        and days.read_due_date < allowed.valid_before
where
    days.unread_pages > allowed.value_number
    and {{ add_days('days.read_due_date', 1) }} <= context.as_of
