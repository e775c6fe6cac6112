-- From the improvement (its source_ids) and from the record (its improvement_id); unknown ends are
-- kept and marked.
with positions as (
    select cast(generated_number as integer) as part_no
    from ({{ numbers(200) }}) as counted
),

named as (
    select
        improvements.improvement_id,
        case improvements.source_kind when 'complaint' then 'complaint/' else 'record/' end
        || trim({{ text_part('improvements.source_ids', ';', 'positions.part_no') }})
            as feedback_id
    from {{ ref('stg_reference__improvements') }} as improvements
    cross join positions
    where
        improvements.source_kind in ('complaint', 'feedback')
        and trim({{ text_part('improvements.source_ids', ';', 'positions.part_no') }}) <> ''
    union distinct
    select
        improvement_id,
        feedback_id
    from {{ ref('int_feedback__items_gathered') }}
    where improvement_id is not null
)

select
    named.improvement_id,
    named.feedback_id,
    improvements.improvement_id is not null as is_improvement_known,
    items.feedback_id is not null as is_item_known,
    improvements.title,
    improvements.plan_date,
    improvements.do_date,
    coalesce(improvements.check_date, improvements.act_date) as verified_date
from named
left join {{ ref('stg_reference__improvements') }} as improvements
    on named.improvement_id = improvements.improvement_id
left join {{ ref('int_feedback__items_gathered') }} as items
    on named.feedback_id = items.feedback_id
