{% set fates = [
    ('accepted', "('standing', 'replaced', 'void', 'waiting')"),
    ('duplicate', "('duplicate')"),
    ('quarantined', "('quarantined')"),
    ('suppressed', "('suppressed')"),
    ('replaced', "('replaced')"),
    ('void', "('void')"),
    ('waiting', "('waiting')"),
    ('standing', "('standing')"),
    ('in_marts', "('in_marts')"),
] %}

with facts as (
    select
        'pos_sales' as feed,
        store_id,
        business_date,
        count(*) as row_count,
        sum(net_amount) as net_amount
    from {{ ref('fct_sales') }}
    group by store_id, business_date
    union all
    select
        'survey_responses' as feed,
        store_id,
        responded_month as business_date,
        count(*) as row_count,
        null as net_amount
    from {{ ref('fct_survey_response') }}
    group by store_id, responded_month
    union all
    select
        'complaints' as feed,
        store_id,
        received_date as business_date,
        count(*) as row_count,
        null as net_amount
    from {{ ref('fct_complaint') }}
    group by store_id, received_date
    union all
    select
        'complaint_events' as feed,
        complaints.store_id,
        events.occurred_date as business_date,
        count(*) as row_count,
        null as net_amount
    from {{ ref('fct_complaint_event') }} as events
    left join {{ ref('fct_complaint') }} as complaints
        on events.complaint_id = complaints.complaint_id
    group by complaints.store_id, events.occurred_date
    union all
    select
        'customers' as feed,
        null as store_id,
        null as business_date,
        count(*) as row_count,
        null as net_amount
    from {{ ref('dim_customer_identity') }}
    where is_current
    union all
    select
        'products' as feed,
        null as store_id,
        null as business_date,
        count(*) as row_count,
        null as net_amount
    from {{ ref('dim_product') }}
    where is_known
    union all
    select
        'stores' as feed,
        null as store_id,
        null as business_date,
        count(*) as row_count,
        null as net_amount
    from {{ ref('dim_store') }}
    where is_known
),

cells as (
    select
        feed,
        store_id,
        business_date,
        fate,
        row_count,
        net_amount
    from {{ ref('int_loads__rows_reconciled') }}
    union all
    select
        feed,
        store_id,
        business_date,
        'in_marts' as fate,
        row_count,
        net_amount
    from facts
    where row_count > 0
),

totals as (
    select
        feed,
        store_id,
        business_date,
        sum(case when fate <> 'in_marts' then row_count else 0 end) as rows_received,
        sum(case when fate <> 'in_marts' then net_amount else 0 end) as net_amount_received,
    {% for name, values in fates %}
    sum(case when fate in {{ values }} then row_count else 0 end) as rows_{{ name }},
    sum(case when fate in {{ values }} then net_amount else 0 end)
        as net_amount_{{ name }}{{ "," if not loop.last }}
    {% endfor %}
    from cells
    group by feed, store_id, business_date
)

select
    totals.feed,
    totals.store_id,
    totals.business_date,
    cast(totals.rows_received as bigint) as rows_received,
    {% for name, _ in fates if name not in ('standing', 'in_marts') %}
    cast(totals.rows_{{ name }} as bigint) as rows_{{ name }},
    {% endfor %}
    case when feeds.mart is not null then cast(totals.rows_in_marts as bigint) end as rows_in_marts,
    cast(
        totals.rows_received - totals.rows_duplicate - totals.rows_quarantined
        - totals.rows_suppressed - totals.rows_replaced - totals.rows_void - totals.rows_waiting
        - case when feeds.mart is not null then totals.rows_in_marts else totals.rows_standing end
        as bigint
    ) as rows_difference,
    {% for name in ['received'] + fates | map('first') | list
        if name not in ('standing', 'suppressed') %}
    case
        when feeds.has_amounts then cast(totals.net_amount_{{ name }} as decimal(38, 2))
    end as net_amount_{{ name }},
    {% endfor %}
    case
        when feeds.has_amounts
            then cast(
                totals.net_amount_received - totals.net_amount_duplicate
                - totals.net_amount_quarantined - totals.net_amount_replaced
                - totals.net_amount_void - totals.net_amount_waiting - totals.net_amount_in_marts
                as decimal(38, 2)
            )
    end as net_amount_difference,
    context.as_of
from totals
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_loads__feeds_listed') }} as feeds on totals.feed = feeds.feed
