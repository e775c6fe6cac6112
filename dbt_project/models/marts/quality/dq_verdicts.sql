{{ config(materialized='view') }}

{% set failure = 'case when not success then reason end' %}
{% set rejection = "case when status = 'rejected' then reason end" %}
{% set bad_file = 'case when files.badness > 0 then files.file_path end' %}

-- A rejected file heals when a file of the same path is loaded; a feed is judged by the files of
-- its newest delivery, and one that was never delivered has no verdict.
with checked as (
    select
        subject_type,
        subject,
        cast(count(*) as integer) as checks,
        cast(count(case when not success and severity = 'critical' then 1 end) as integer)
            as failed_critical,
        cast(count(case when not success and severity <> 'critical' then 1 end) as integer)
            as failed_warning,
        {{ text_list(failure, '; ', 'suite, expectation, column_name') }} as reasons
    from {{ ref('dq_results') }}
    group by subject_type, subject
),

files as (
    select
        feed,
        file_path,
        delivery_date,
        case
            when max(case when status = 'rejected' then 0 else 1 end) = 0 then 2
            else max(
                case
                    when status = 'rejected' then 0
                    when verdict = 'fail' then 2
                    when verdict = 'warn' then 1
                    else 0
                end
            )
        end as badness,
        {{ text_list(rejection, '; ', 'load_id') }} as rejections
    from {{ ref('audit_loads') }}
    group by feed, file_path, delivery_date
),

newest as (
    select
        feed,
        max(delivery_date) as delivery_date
    from files
    group by feed
),

feeds as (
    select
        files.feed,
        newest.delivery_date,
        max(files.badness) as badness,
        {{ text_list(bad_file, '; ', 'files.file_path') }} as reasons
    from files
    inner join newest on files.feed = newest.feed and files.delivery_date = newest.delivery_date
    group by files.feed, newest.delivery_date
),

coverage as (
    select
        cast(sum(identified_net_amount) as double)
        / nullif(cast(sum(total_net_amount) as double), 0) as coverage_pct
    from {{ ref('int_sales__coverage_measured') }}
),

subjects as (
    select
        'load' as subject_type,
        files.file_path as subject,
        files.badness,
        checked.checks,
        checked.failed_critical,
        checked.failed_warning,
        case
            when files.badness = 2 then coalesce(files.rejections, checked.reasons)
            else checked.reasons
        end as reasons,
        files.delivery_date as last_delivery_date
    from files
    left join checked on checked.subject_type = 'load' and files.file_path = checked.subject
    union all
    select
        'feed' as subject_type,
        listed.feed as subject,
        feeds.badness,
        null as checks,
        null as failed_critical,
        null as failed_warning,
        feeds.reasons,
        feeds.delivery_date as last_delivery_date
    from {{ ref('int_loads__feeds_listed') }} as listed
    left join feeds on listed.feed = feeds.feed
    union all
    select
        'mart' as subject_type,
        checked.subject,
        case
            when checked.failed_critical > 0 then 2
            when checked.failed_warning > 0 then 1
            else 0
        end as badness,
        checked.checks,
        checked.failed_critical,
        checked.failed_warning,
        checked.reasons,
        null as last_delivery_date
    from checked
    where checked.subject_type = 'mart'
)

select
    subjects.subject_type,
    subjects.subject,
    case subjects.badness when 2 then 'fail' when 1 then 'warn' when 0 then 'pass' end as verdict,
    subjects.checks,
    subjects.failed_critical,
    subjects.failed_warning,
    subjects.reasons,
    subjects.last_delivery_date,
    cast({{ days_between('subjects.last_delivery_date', 'context.as_of') }} as integer)
        as days_since_delivery,
    case
        when subjects.subject_type = 'feed' and subjects.subject = 'pos_sales'
            then coverage.coverage_pct
    end as coverage_pct,
    context.as_of
from subjects
cross join {{ ref('int_build__context_stated') }} as context
cross join coverage
