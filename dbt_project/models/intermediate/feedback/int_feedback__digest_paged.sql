-- The digest of a day: first what was known that night, then what came late. Pages follow each
-- other without end; nothing is cut.
with sized as (
    select
        items.feedback_id,
        items.captured_date as digest_date,
        items.presented_date,
        items.presented_date > items.captured_date as is_supplement,
        size.value_number as items_per_page
    from {{ ref('int_feedback__items_gathered') }} as items
    inner join {{ ref('int_feedback__texts_gathered') }} as texts
        on items.feedback_id = texts.feedback_id
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_parameters__periods_dated') }} as size
        on
            size.code = 'digest_items_per_page'
            and items.captured_date >= size.valid_from
            and items.captured_date < size.valid_before
    where items.presented_date <= context.as_of
),

numbered as (
    select
        *,
        row_number() over (
            partition by digest_date, is_supplement
            order by presented_date asc, feedback_id asc
        ) as part_item_no,
        count(case when not is_supplement then 1 end) over (partition by digest_date)
            as main_items
    from sized
)

select
    digest_date,
    is_supplement,
    cast(
        ceil(part_item_no / items_per_page)
        + case when is_supplement then ceil(main_items / items_per_page) else 0 end as integer
    ) as page_no,
    cast(part_item_no + case when is_supplement then main_items else 0 end as integer) as item_no,
    presented_date,
    feedback_id
from numbered
