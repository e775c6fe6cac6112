-- Five years to the day: the day itself is kept, the next one is not. 29 February ends on 28
-- February, so that nothing goes before its fifth year is over. Words that arrive already too old
-- are listed first. Of several approvals that cover a text, the earliest is named.
with dated as (
    select
        feedback.feedback_id,
        feedback.source_kind,
        feedback.captured_date,
        feedback.presented_date,
        {{ add_months('feedback.captured_date', 'keeping.keep_months') }} as keep_until_date,
        cast(rules.verbatim_purge_notice_days as integer) as notice_days,
        rules.as_of
    from {{ ref('fct_feedback') }} as feedback
    cross join {{ ref('int_feedback__rules_dated') }} as rules
    inner join {{ ref('int_feedback__keeping_ruled') }} as keeping on keeping.is_in_force
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
),

approved as (
    select
        noticed.feedback_id,
        approvals.approved_by,
        approvals.approved_date,
        row_number() over (
            partition by noticed.feedback_id
            order by approvals.approved_date, approvals.valid_from_date
        ) as approval_rank
    from noticed
    inner join {{ ref('int_feedback__keeping_ruled') }} as approvals
        on noticed.purge_from_date <= approvals.purge_until_date
    where noticed.as_of >= noticed.purge_from_date
)

select
    noticed.feedback_id,
    noticed.source_kind,
    noticed.captured_date,
    noticed.keep_until_date,
    noticed.purge_from_date,
    case
        when noticed.as_of <= noticed.keep_until_date then 'kept'
        when noticed.as_of < noticed.purge_from_date then 'listed'
        else 'purgeable'
    end as status,
    approved.approved_by,
    approved.approved_date,
    noticed.as_of
from noticed
left join approved
    on noticed.feedback_id = approved.feedback_id and approved.approval_rank = 1
