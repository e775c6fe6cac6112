{{ config(meta={'requirements': ['FB-02']}) }}

select
    feedback_id,
    captured_date
from {{ ref('rpt_verbatim_retention') }}
where
    status <> 'kept'
    and (
        extract(year from as_of) - extract(year from captured_date) < 5
        or as_of <= keep_until_date
    )
