{% set parts = [
    ('PESTEL', 'ref_pestel',
        ['political', 'economic', 'social', 'technological', 'environmental', 'legal']),
    ('SWOT', 'ref_swot', ['strength', 'weakness', 'opportunity', 'threat']),
] %}

-- Every review is held against all its parts; one that it leaves out is a row of its own.
with wanted as (
    {% for analysis, feed, names in parts %}
    {% set last = loop.last %}
    {% for name in names %}
    select
        '{{ analysis }}' as analysis,
        '{{ feed }}' as feed,
        '{{ name }}' as part,
        {{ loop.index }} as part_no
    {% if not (last and loop.last) %}union all{% endif %}
    {% endfor %}
    {% endfor %}
),

reviews as (
    select
        listed.analysis,
        listed.review_id,
        max(listed.reviewed_date) as reviewed_date
    from {{ ref('int_alerts__reviews_listed') }} as listed
    inner join {{ ref('int_build__context_stated') }} as context
        on listed.reviewed_date <= context.as_of
    group by listed.analysis, listed.review_id
)

select
    wanted.analysis,
    reviews.review_id,
    reviews.reviewed_date,
    wanted.part,
    cast(wanted.part_no as integer) as part_no,
    cast(listed.item_no as integer) as item_no,
    listed.finding,
    listed.evidence,
    cast(listed.impact as integer) as impact,
    listed.owner_id,
    case
        when reviews.review_id is null then 'no data'
        when listed.item_no is null then 'missing'
        else 'reviewed'
    end as status,
    context.as_of
from wanted
cross join {{ ref('int_build__context_stated') }} as context
left join reviews on wanted.analysis = reviews.analysis
left join {{ ref('int_alerts__reviews_listed') }} as listed
    on
        reviews.analysis = listed.analysis
        and reviews.review_id = listed.review_id
        and wanted.part = listed.part
