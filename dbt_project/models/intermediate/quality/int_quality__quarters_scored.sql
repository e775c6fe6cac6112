{% set scored = ['reliability', 'truthfulness', 'timeliness'] %}

-- Freshness: of the days on which feeds had been delivered before, the share on which they were no
-- older than they may be. Quality: the mean of the scores of what was delivered in the quarter.
with span as (
    select
        {{ quarter_of('min(spaced.delivery_date)') }} as first_quarter,
        max(context.as_of) as as_of
    from {{ ref('int_loads__deliveries_spaced') }} as spaced
    cross join {{ ref('int_build__context_stated') }} as context
),

quarters as (
    select
        {{ add_months(
            'span.first_quarter', 'cast(3 * (counted.generated_number - 1) as integer)'
        ) }} as quarter_start,
        {{ add_days(
            add_months('span.first_quarter', 'cast(3 * counted.generated_number as integer)'), -1
        ) }} as quarter_end,
        span.as_of
    from span
    inner join ({{ numbers(800) }}) as counted
        on
            {{ add_months(
                'span.first_quarter', 'cast(3 * (counted.generated_number - 1) as integer)'
            ) }} <= span.as_of
),

gaps as (
    select
        spaced.delivery_date as from_date,
        coalesce(
            {{ add_days('spaced.next_delivery_date', -1) }}, context.as_of
        ) as to_date,
        {{ add_days('spaced.delivery_date', 'spaced.max_days') }} as fresh_to_date
    from {{ ref('int_loads__deliveries_spaced') }} as spaced
    cross join {{ ref('int_build__context_stated') }} as context
),

freshness as (
    select
        quarters.quarter_start,
        sum(
            {{ days_between(
                'greatest(gaps.from_date, quarters.quarter_start)',
                'least(gaps.to_date, quarters.quarter_end)'
            ) }} + 1
        ) as feed_days,
        sum(
            greatest(
                {{ days_between(
                    'greatest(gaps.from_date, quarters.quarter_start)',
                    'least(gaps.to_date, gaps.fresh_to_date, quarters.quarter_end)'
                ) }} + 1, 0
            )
        ) as fresh_days
    from quarters
    inner join gaps
        on
            quarters.quarter_end >= gaps.from_date
            and quarters.quarter_start <= gaps.to_date
    group by quarters.quarter_start
),

received as (
    select
        {{ quarter_of('delivery_date') }} as quarter_start,
        sum(rows_received) as rows_received,
        1 - cast(sum(rows_unreliable) as double) / nullif(sum(rows_received), 0) as reliability,
        1 - cast(sum(rows_false) as double) / nullif(sum(rows_judged), 0) as truthfulness,
        1 - cast(sum(rows_late) as double) / nullif(sum(rows_dated), 0) as timeliness
    from {{ ref('int_quality__days_scored') }}
    group by {{ quarter_of('delivery_date') }}
)

select
    quarters.quarter_start,
    quarters.quarter_end,
    coalesce(received.rows_received, 0) as rows_received,
    cast(freshness.fresh_days as double) / freshness.feed_days as freshness_score,
    (
        coalesce(received.reliability, 0) + coalesce(received.truthfulness, 0)
        + coalesce(received.timeliness, 0)
    )
    / nullif(
        {% for score in scored %}
        case when received.{{ score }} is not null then 1 else 0 end{{ " +" if not loop.last }}
        {% endfor %}, 0
    ) as quality_score
from quarters
left join freshness on quarters.quarter_start = freshness.quarter_start
left join received on quarters.quarter_start = received.quarter_start
