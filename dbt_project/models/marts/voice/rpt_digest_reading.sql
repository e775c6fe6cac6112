-- A row per day and reader, beside the twenty pages that the source tells of.
with days as (
    select
        digest_date,
        max(page_no) as pages,
        max(read_due_date) as read_due_date,
        max(case when is_reading_kept then 1 else 0 end) as is_reading_kept
    from {{ ref('int_feedback__pages_read') }}
    group by digest_date
),

reading as (
    select
        receipts.digest_date,
        receipts.reader_id,
        count(distinct receipts.page_no) as pages_read,
        max(receipts.read_date) as last_read_date
    from {{ ref('int_feedback__receipts_localised') }} as receipts
    inner join days
        on receipts.digest_date = days.digest_date and receipts.page_no <= days.pages
    group by receipts.digest_date, receipts.reader_id
)

select
    days.digest_date,
    readers.reader_id,
    cast(days.pages as integer) as pages,
    cast(
        case when days.is_reading_kept = 1 then coalesce(reading.pages_read, 0) end as integer
    ) as pages_read,
    cast(
        case when days.is_reading_kept = 1 then days.pages - coalesce(reading.pages_read, 0) end
        as integer
    ) as pages_unread,
    days.read_due_date,
    reading.last_read_date,
    case
        when days.is_reading_kept = 0 then 'no data'
        when reading.pages_read >= days.pages then 'read'
        when days.read_due_date >= context.as_of then 'due'
        else 'unread'
    end as status,
    cast(benchmarks.low as integer) as benchmark_pages,
    context.as_of
from days
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_feedback__readers_listed') }} as readers
    on
        coalesce(readers.from_date, days.digest_date) <= days.digest_date
        and coalesce(readers.to_date, days.digest_date) >= days.digest_date
left join reading
    on days.digest_date = reading.digest_date and readers.reader_id = reading.reader_id
left join {{ ref('int_complaints__benchmarks_quoted') }} as benchmarks
    on benchmarks.code = 'fb_04_pages_a_day'
