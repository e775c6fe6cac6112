-- A table: the rules and the next best series read it. Baskets are receipts with a series.
{{ config(materialized='table') }}

{% set moments = ['now', 'before'] %}

-- The windows of both moments share most receipts: a receipt is put together once and marked for
-- each.
with windows as (
    select
        {% for moment in moments %}
        max(case when moments.moment = '{{ moment }}' then moments.list_date end)
            as {{ moment }}_date,
        {% endfor %}
        cast(max(rules.basket_window_days) as integer) as window_days
    from {{ ref('int_baskets__moments_stated') }} as moments
    cross join {{ ref('int_grading__rules_stated') }} as rules
),

marked as (
    select
        listed.store_id,
        listed.receipt_id,
        {% for moment in moments %}
        max(
            case
                when
                    listed.business_date <= windows.{{ moment }}_date
                    and listed.business_date
                    > {{ add_days('windows.' ~ moment ~ '_date', '-windows.window_days') }}
                    then 1
                else 0
            end
        ) as is_{{ moment }},
        {% endfor %}
        listed.series
    from {{ ref('int_baskets__series_listed') }} as listed
    cross join windows
    where
        listed.business_date <= windows.now_date
        and listed.business_date > {{ add_days('windows.before_date', '-windows.window_days') }}
    group by listed.store_id, listed.receipt_id, listed.series
),

counted as (
    select
        sum(is_now) as now_receipts,
        sum(is_before) as before_receipts
    from (
        select
            max(is_now) as is_now,
            max(is_before) as is_before
        from marked
        group by store_id, receipt_id
    ) as receipts
),

series_counted as (
    select
        series,
        sum(is_now) as now_receipts,
        sum(is_before) as before_receipts
    from marked
    group by series
),

pairs_counted as (
    select
        a.series as series_a,
        b.series as series_b,
        sum(a.is_now * b.is_now) as now_receipts,
        sum(a.is_before * b.is_before) as before_receipts
    from marked as a
    inner join marked as b
        on a.store_id = b.store_id and a.receipt_id = b.receipt_id and a.series <> b.series
    group by a.series, b.series
)

{% for moment in moments %}
select
    '{{ moment }}' as moment,
    pairs_counted.series_a,
    pairs_counted.series_b,
    cast(pairs_counted.{{ moment }}_receipts as integer) as receipts_both,
    cast(a.{{ moment }}_receipts as integer) as receipts_a,
    cast(b.{{ moment }}_receipts as integer) as receipts_b,
    cast(counted.{{ moment }}_receipts as integer) as receipts
from pairs_counted
cross join counted
inner join series_counted as a on pairs_counted.series_a = a.series
inner join series_counted as b on pairs_counted.series_b = b.series
where pairs_counted.{{ moment }}_receipts > 0
{% if not loop.last %}union all{% endif %}
{% endfor %}
