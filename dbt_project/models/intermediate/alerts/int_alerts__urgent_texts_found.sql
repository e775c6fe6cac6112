-- Opens on the day the text was known, whatever the day it was said. Healed by the answer, or by a
-- manager who read the page it stands on. Of an anonymous text only the day is told.
with urgent as (
    select
        items.feedback_id,
        case
            when items.is_anonymous or items.store_id is null then 'chain' else 'store'
        end as entity_type,
        case
            when items.is_anonymous or items.store_id is null then 'own' else items.store_id
        end as entity_id,
        items.known_date,
        items.answered_date,
        pages.first_read_date
    from {{ ref('int_feedback__items_gathered') }} as items
    inner join {{ ref('int_feedback__labels_found') }} as labels
        on
            items.feedback_id = labels.feedback_id
            and items.known_date >= labels.labelled_from
            and items.known_date < labels.labelled_before
    left join {{ ref('int_feedback__digest_paged') }} as digest
        on items.feedback_id = digest.feedback_id
    left join {{ ref('int_feedback__pages_read') }} as pages
        on digest.digest_date = pages.digest_date and digest.page_no = pages.page_no
    where labels.urgent_label is not null
),

counted as (
    select
        *,
        count(*) over (partition by entity_type, entity_id, known_date) as texts
    from urgent
)

select
    'FEEDBACK_URGENT' as alert_code,
    counted.entity_type,
    counted.entity_id,
    counted.known_date as started_date,
    case
        when coalesce(counted.answered_date, counted.first_read_date) is not null
            then greatest(
                coalesce(counted.answered_date, counted.first_read_date), counted.known_date
            )
    end as ended_date,
    cast(counted.texts as double) as measure,
    cast(allowed.value_number as double) as threshold,
    'every urgent text was answered or read by a manager' as healed_by
from counted
inner join {{ ref('int_parameters__periods_dated') }} as allowed
    on
        allowed.code = 'feedback_urgent_max_texts'
        and counted.known_date >= allowed.valid_from
        and counted.known_date < allowed.valid_before
where counted.texts > allowed.value_number
