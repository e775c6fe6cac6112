-- Nobody is asked about pages of days before the first receipt: their reading was not written down.
with pages as (
    select
        digest_date,
        page_no,
        count(*) as items,
        max(presented_date) as presented_date
    from {{ ref('int_feedback__digest_paged') }}
    group by digest_date, page_no
),

begun as (
    select min(digest_date) as first_date
    from {{ ref('int_feedback__receipts_localised') }}
),

summarised as (
    select
        digest_date,
        page_no,
        count(distinct reader_id) as readers,
        min(read_date) as first_read_date
    from {{ ref('int_feedback__receipts_localised') }}
    group by digest_date, page_no
)

select
    pages.digest_date,
    pages.page_no,
    cast(pages.items as integer) as items,
    pages.presented_date,
    {{ add_days('pages.presented_date', 'cast(patience.value_number as integer)') }}
        as read_due_date,
    begun.first_date is not null and pages.digest_date >= begun.first_date as is_reading_kept,
    cast(coalesce(summarised.readers, 0) as integer) as readers,
    summarised.first_read_date
from pages
cross join begun
left join summarised
    on pages.digest_date = summarised.digest_date and pages.page_no = summarised.page_no
left join {{ ref('int_parameters__periods_dated') }} as patience
    on
        patience.code = 'digest_read_days'
        and pages.presented_date >= patience.valid_from
        and pages.presented_date < patience.valid_before
