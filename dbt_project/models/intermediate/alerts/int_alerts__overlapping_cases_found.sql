{% set kinds = [
    'late_answers', 'unverified_solutions', 'unassigned_complaints', 'complaint_spikes',
    'complaint_surges', 'silent_channels', 'urgent_texts', 'unverified_improvements',
    'late_digests', 'unread_digests', 'sentiment_drops', 'crises', 'missing_agreements',
    'security_lapses', 'unfair_dealings',
] %}

-- Cases of one code and entity that overlap or touch are one alert: opened by the first, closed
-- with the last. A new case of an open alert changes no threshold: it keeps the one it opened with.
with cases as (
    {% for kind in kinds %}
    select
        alert_code,
        entity_type,
        entity_id,
        started_date,
        ended_date,
        cast(measure as double) as measure,
        cast(threshold as double) as threshold,
        healed_by
    from {{ ref('int_alerts__' ~ kind ~ '_found') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

known as (
    select
        cases.*,
        coalesce(cases.ended_date, cast('9999-12-31' as date)) as end_date
    from cases
    cross join {{ ref('int_build__context_stated') }} as context
    where cases.started_date <= context.as_of
),

compared as (
    select
        *,
        max(end_date) over (
            partition by alert_code, entity_type, entity_id
            order by started_date asc, end_date asc, measure asc, threshold asc
            rows between unbounded preceding and 1 preceding
        ) as earlier_end_date
    from known
),

numbered as (
    select
        *,
        sum(case when earlier_end_date >= started_date then 0 else 1 end) over (
            partition by alert_code, entity_type, entity_id
            order by started_date asc, end_date asc, measure asc, threshold asc
            rows between unbounded preceding and current row
        ) as episode_no,
        row_number() over (
            partition by alert_code, entity_type, entity_id
            order by started_date asc, end_date asc, measure asc, threshold asc
        ) as case_no
    from compared
),

firsts as (
    select
        *,
        min(case_no) over (
            partition by alert_code, entity_type, entity_id, episode_no
        ) as first_case_no
    from numbered
)

select
    alert_code,
    entity_type,
    entity_id,
    min(started_date) as opened_date,
    case when max(end_date) < cast('9999-12-31' as date) then max(end_date) end as closed_date,
    max(case when case_no = first_case_no then threshold end) as threshold,
    case
        when alert_code = 'SENTIMENT_DROP' then min(measure) else max(measure)
    end as alert_value,
    case when max(end_date) < cast('9999-12-31' as date) then max(healed_by) end as feedback,
    cast(count(*) as integer) as cases
from firsts
group by alert_code, entity_type, entity_id, episode_no
