{{ config(meta={'requirements': ['FB-03', 'FB-04']}) }}

-- Every text of every day stands once in the digest of its day, and no page holds more than its
-- number: nothing is cut, nothing told twice.
with missing as (
    select feedback.feedback_id
    from {{ ref('fct_feedback') }} as feedback
    left join {{ ref('rpt_daily_verbatim_digest') }} as digest
        on
            feedback.feedback_id = digest.feedback_id
            and feedback.captured_date = digest.digest_date
    where feedback.verbatim_redacted is not null and digest.feedback_id is null
),

gaps as (
    select
        feedback_id,
        item_no,
        row_number() over (partition by digest_date order by item_no asc) as expected_no
    from {{ ref('rpt_daily_verbatim_digest') }}
)

select feedback_id
from missing
union all
select feedback_id
from gaps
where item_no <> expected_no
