-- A table: the rules and the next best series read it. Baskets are receipts with a series.
{{ config(materialized='table') }}

with baskets as (
    select
        moments.moment,
        listed.store_id,
        listed.receipt_id,
        listed.series
    from {{ ref('int_baskets__series_listed') }} as listed
    cross join {{ ref('int_grading__rules_stated') }} as rules
    inner join {{ ref('int_baskets__moments_stated') }} as moments
        on
            listed.business_date <= moments.list_date
            and listed.business_date
            > {{ add_days('moments.list_date', '-cast(rules.basket_window_days as integer)') }}
    group by moments.moment, listed.store_id, listed.receipt_id, listed.series
),

receipts as (
    select
        moment,
        count(*) as receipts
    from (
        select distinct
            moment,
            store_id,
            receipt_id
        from baskets
    ) as counted
    group by moment
),

singles as (
    select
        moment,
        series,
        count(*) as receipts
    from baskets
    group by moment, series
),

pairs as (
    select
        a.moment,
        a.series as series_a,
        b.series as series_b,
        count(*) as receipts
    from baskets as a
    inner join baskets as b
        on
            a.moment = b.moment
            and a.store_id = b.store_id
            and a.receipt_id = b.receipt_id
            and a.series <> b.series
    group by a.moment, a.series, b.series
)

select
    pairs.moment,
    pairs.series_a,
    pairs.series_b,
    cast(pairs.receipts as integer) as receipts_both,
    cast(a.receipts as integer) as receipts_a,
    cast(b.receipts as integer) as receipts_b,
    cast(receipts.receipts as integer) as receipts
from pairs
inner join receipts on pairs.moment = receipts.moment
inner join singles as a on pairs.moment = a.moment and pairs.series_a = a.series
inner join singles as b on pairs.moment = b.moment and pairs.series_b = b.series
