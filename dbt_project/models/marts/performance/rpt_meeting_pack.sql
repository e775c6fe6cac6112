{% set monday %}{{ add_days(
    'business_date', '1 - cast(' ~ iso_weekday('business_date') ~ ' as integer)'
) }}{% endset %}
{% set kinds = [('week', monday), ('month', month_of('business_date'))] %}

-- Weeks from Monday to Sunday and calendar months, each from the first day with sales to as_of, so
-- that every day lies in one pack of each. A week belongs to the year of its Thursday.
with first_days as (
    select min(business_date) as first_date
    from {{ ref('int_sales__store_days_summarised') }}
),

span as (
    select
        {{ add_days(
            'first_days.first_date',
            '1 - cast(' ~ iso_weekday('first_days.first_date') ~ ' as integer)'
        ) }} as first_monday,
        {{ month_of('first_days.first_date') }} as first_month,
        context.as_of
    from first_days
    cross join {{ ref('int_build__context_stated') }} as context
),

counted as (
    select cast(generated_number - 1 as integer) as place
    from ({{ numbers(5300) }}) as numbered
),

packs as (
    select
        'week' as pack_kind,
        {{ add_days('span.first_monday', '7 * counted.place') }} as period_start,
        {{ add_days('span.first_monday', '7 * counted.place + 6') }} as period_end,
        cast(
            extract(year from {{ add_days('span.first_monday', '7 * counted.place + 3') }})
            as integer
        ) as pack_year
    from span
    inner join counted on {{ add_days('span.first_monday', '7 * counted.place') }} <= span.as_of
    union all
    select
        'month' as pack_kind,
        {{ add_months('span.first_month', 'counted.place') }} as period_start,
        {{ add_days(add_months('span.first_month', 'counted.place + 1'), -1) }} as period_end,
        cast(
            extract(year from {{ add_months('span.first_month', 'counted.place') }}) as integer
        ) as pack_year
    from span
    inner join counted
        on {{ add_months('span.first_month', 'counted.place') }} <= span.as_of
),

days as (
    {% for pack_kind, period_start in kinds %}
    select
        '{{ pack_kind }}' as pack_kind,
        {{ period_start }} as period_start,
        earlier_date,
        receipts,
        net_sales
    from {{ ref('int_sales__store_days_summarised') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

sold as (
    select
        pack_kind,
        period_start,
        sum(net_sales) as net_sales,
        sum(case when coalesce(earlier_date < period_start, true) then receipts else 0 end)
            as receipts
    from days
    group by pack_kind, period_start
),

complained as (
    select
        packs.pack_kind,
        packs.period_start,
        count(*) as complaints
    from packs
    inner join {{ ref('fct_complaint') }} as complaints
        on
            packs.period_start <= complaints.received_date
            and packs.period_end >= complaints.received_date
    group by packs.pack_kind, packs.period_start
),

alerted as (
    select
        packs.pack_kind,
        packs.period_start,
        count(
            case
                when
                    alerts.opened_at >= packs.period_start and alerts.opened_at <= packs.period_end
                    then 1
            end
        ) as alerts_opened,
        count(
            case
                when
                    alerts.closed_at >= packs.period_start and alerts.closed_at <= packs.period_end
                    then 1
            end
        ) as alerts_closed,
        count(case when coalesce(alerts.closed_at > packs.period_end, true) then 1 end)
            as alerts_open
    from packs
    inner join {{ ref('fct_alerts') }} as alerts
        on
            packs.period_end >= alerts.opened_at
            and packs.period_start <= coalesce(alerts.closed_at, packs.period_start)
    group by packs.pack_kind, packs.period_start
),

measures as (
    select
        packs.pack_kind,
        packs.period_start,
        count(*) as measures_due
    from packs
    inner join {{ ref('int_surveys__improvements_listed') }} as improvements
        on
            packs.period_start <= improvements.due_date
            and packs.period_end >= improvements.due_date
    group by packs.pack_kind, packs.period_start
)

select
    packs.pack_kind,
    packs.pack_year,
    packs.period_start,
    packs.period_end,
    packs.period_end <= context.as_of as is_complete,
    cast(sold.net_sales as decimal(18, 2)) as net_sales,
    cast(
        lag(sold.net_sales) over (partition by packs.pack_kind order by packs.period_start asc)
        as decimal(18, 2)
    ) as net_sales_before,
    cast(coalesce(sold.receipts, 0) as integer) as receipts,
    cast(
        case when complaint_feed.is_delivered then coalesce(complained.complaints, 0) end as integer
    ) as complaints,
    cast(coalesce(alerted.alerts_opened, 0) as integer) as alerts_opened,
    cast(coalesce(alerted.alerts_closed, 0) as integer) as alerts_closed,
    cast(coalesce(alerted.alerts_open, 0) as integer) as alerts_open,
    cast(
        case when measure_feed.is_delivered then coalesce(measures.measures_due, 0) end as integer
    ) as measures_due,
    context.chain_currency as currency,
    context.as_of
from packs
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_loads__feeds_delivered') }} as complaint_feed
    on complaint_feed.feed = 'complaints'
inner join {{ ref('int_loads__feeds_delivered') }} as measure_feed
    on measure_feed.feed = 'ref_improvements'
{% for name in ['sold', 'complained', 'alerted', 'measures'] %}
left join {{ name }}
    on packs.pack_kind = {{ name }}.pack_kind and packs.period_start = {{ name }}.period_start
{% endfor %}
