-- Five years to the day: the day itself is kept, the next one is not. 29 February ends on 28
-- February, so that nothing goes before its fifth year is over. Words that arrive already too old
-- are listed first.
with dated as (
    select
        feedback.feedback_id,
        feedback.source_kind,
        feedback.captured_date,
        feedback.presented_date,
        {{ add_months(
            'feedback.captured_date', '12 * cast(rules.verbatim_keep_years as integer)'
        ) }} as keep_until_date,
        cast(rules.verbatim_purge_notice_days as integer) as notice_days,
        rules.as_of
    from {{ ref('fct_feedback') }} as feedback
    cross join {{ ref('int_feedback__rules_dated') }} as rules
    where feedback.verbatim_redacted is not null
),

noticed as (
    select
        *,
        case
            when presented_date > keep_until_date
                then {{ add_days('presented_date', 'notice_days') }}
            else {{ add_days('keep_until_date', 1) }}
        end as purge_from_date
    from dated
)

select
    feedback_id,
    source_kind,
    captured_date,
    keep_until_date,
    purge_from_date,
    case
        when as_of <= keep_until_date then 'kept'
        when as_of < purge_from_date then 'listed'
        else 'purgeable'
    end as status,
    as_of
from noticed
