-- A table: the rules and the next best series read it. Baskets are receipts of a day with a series.
{{ config(materialized='table') }}

with counted as (
    select
        moments.moment,
        days.series_a,
        days.series_b,
        sum(days.receipts) as receipts
    from {{ ref('int_baskets__days_counted') }} as days
    cross join {{ ref('int_grading__rules_stated') }} as rules
    inner join {{ ref('int_baskets__moments_stated') }} as moments
        on
            days.event_date <= moments.list_date
            and days.event_date
            > {{ add_days('moments.list_date', '-cast(rules.basket_window_days as integer)') }}
    group by moments.moment, days.series_a, days.series_b
),

pairs as (
    {% for one, other in [('series_a', 'series_b'), ('series_b', 'series_a')] %}
    select
        moment,
        {{ one }} as series_a,
        {{ other }} as series_b,
        receipts
    from counted
    where series_a < series_b
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    pairs.moment,
    pairs.series_a,
    pairs.series_b,
    cast(pairs.receipts as integer) as receipts_both,
    cast(a.receipts as integer) as receipts_a,
    cast(b.receipts as integer) as receipts_b,
    cast(baskets.receipts as integer) as receipts
from pairs
inner join counted as a
    on
        pairs.moment = a.moment
        and pairs.series_a = a.series_a
        and pairs.series_a = a.series_b
inner join counted as b
    on
        pairs.moment = b.moment
        and pairs.series_b = b.series_a
        and pairs.series_b = b.series_b
inner join counted as baskets on pairs.moment = baskets.moment and baskets.series_a is null
