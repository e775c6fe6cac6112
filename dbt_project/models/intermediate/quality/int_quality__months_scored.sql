{% set scored = ['reliability', 'truthfulness', 'timeliness'] %}

-- The score of a month is the mean of the scores that can be taken; a month without deliveries
-- has none and ends a series of falls.
with places as (
    select
        feed,
        store_id,
        {{ month_of('delivery_date') }} as month_start,
        rows_received,
        rows_unreliable,
        rows_judged,
        rows_false,
        rows_dated,
        rows_late
    from {{ ref('int_quality__days_scored') }}
    where store_id is not null
    union all
    select
        feed,
        null as store_id,
        {{ month_of('delivery_date') }} as month_start,
        rows_received,
        rows_unreliable,
        rows_judged,
        rows_false,
        rows_dated,
        rows_late
    from {{ ref('int_quality__days_scored') }}
),

months as (
    select
        feed,
        store_id,
        month_start,
        sum(rows_received) as rows_received,
        1 - cast(sum(rows_unreliable) as double) / nullif(sum(rows_received), 0) as reliability,
        1 - cast(sum(rows_false) as double) / nullif(sum(rows_judged), 0) as truthfulness,
        1 - cast(sum(rows_late) as double) / nullif(sum(rows_dated), 0) as timeliness
    from places
    group by feed, store_id, month_start
),

scores as (
    select
        *,
        (coalesce(reliability, 0) + coalesce(truthfulness, 0) + coalesce(timeliness, 0))
        / nullif(
            {% for score in scored %}
            case when {{ score }} is not null then 1 else 0 end{{ " +" if not loop.last }}
            {% endfor %}, 0
        ) as score
    from months
),

changes as (
    select
        *,
        lag(score) over (partition by feed, store_id order by month_start asc) as score_before,
        lag(month_start) over (partition by feed, store_id order by month_start asc)
            as month_before,
        {{ add_months('month_start', -1) }} as month_due_before
    from scores
),

falls as (
    select
        *,
        coalesce(score < score_before and month_before = month_due_before, false) as has_fallen
    from changes
),

series as (
    select
        *,
        sum(case when has_fallen then 0 else 1 end) over (
            partition by feed, store_id
            order by month_start asc
            rows between unbounded preceding and current row
        ) as series_no
    from falls
)

select
    feed,
    store_id,
    month_start,
    {{ add_days(add_months('month_start', 1), -1) }} as month_end,
    rows_received,
    reliability,
    truthfulness,
    timeliness,
    score,
    case when month_before = month_due_before then score_before end as score_month_before,
    has_fallen,
    series_no,
    cast(
        sum(case when has_fallen then 1 else 0 end) over (
            partition by feed, store_id, series_no
            order by month_start asc
            rows between unbounded preceding and current row
        ) as integer
    ) as months_falling
from series
