{% set store_zone = 'coalesce(stores.timezone, context.chain_timezone)' %}

-- A table: read by the digest, the labels, the loop and the alerts.
{{ config(materialized='table') }}

-- Complaints, survey answers in words, and every record of ref_feedback. Of an anonymous item
-- nothing leaves but its words and the last day of its month; when it became known stays inside,
-- for the alarm that may not wait.
with complaints as (
    select
        'complaint/' || complaints.complaint_id as feedback_id,
        'complaint' as source_kind,
        'customer' as author,
        complaints.channel as door,
        cast(null as string) as platform,
        false as is_anonymous,
        complaints.customer_id,
        complaints.store_id,
        'own' as brand,
        complaints.product_code,
        cast(complaints.received_at_local as date) as said_date,
        cast(null as decimal(4, 3)) as sentiment,
        case when steps.closed_at is not null then 'closed' else 'received' end as status,
        cast({{ utc_to_local('steps.first_response_at', 'complaints.timezone') }} as date)
            as answered_date,
        cast({{ utc_to_local('steps.closed_at', 'complaints.timezone') }} as date) as closed_date,
        cast(null as string) as improvement_id,
        cast(null as decimal(18, 2)) as reward_amount,
        'complaints' as feed,
        complaints.complaint_id as row_key
    from {{ ref('int_complaints__received_localised') }} as complaints
    left join {{ ref('int_complaints__steps_pivoted') }} as steps
        on complaints.complaint_id = steps.complaint_id
),

answers as (
    select
        'survey/' || case
            when is_anonymous
                then {{ text_hash("wave_id || '/' || response_id || '/' || question_code") }}
            else wave_id || '/' || response_id || '/' || question_code
        end as feedback_id,
        'survey' as source_kind,
        'customer' as author,
        'survey' as door,
        cast(null as string) as platform,
        is_anonymous,
        customer_id,
        store_id,
        subject as brand,
        cast(null as string) as product_code,
        cast(responded_at_local as date) as said_date,
        cast(null as decimal(4, 3)) as sentiment,
        cast(null as string) as status,
        cast(null as date) as answered_date,
        cast(null as date) as closed_date,
        cast(null as string) as improvement_id,
        cast(null as decimal(18, 2)) as reward_amount,
        'survey_responses' as feed,
        wave_id || '|' || response_id || '|' || question_code as row_key
    from {{ ref('int_surveys__answers_scored') }}
    where verbatim is not null
),

records as (
    select
        'record/' || records.feedback_id as feedback_id,
        coalesce(
            records.method,
            case
                when records.platform is not null then 'post'
                when records.author = 'staff' then 'suggestion'
                else 'record'
            end
        ) as source_kind,
        records.author,
        case
            when records.method in ('interview', 'focus_group', 'observation') then 'interview'
            when records.method = 'survey' then 'survey'
            when records.method = 'call' then 'phone'
            when records.platform is not null then 'review'
            when records.author = 'staff' then 'suggestion_box'
            else 'opinion_book'
        end as door,
        records.platform,
        records.is_anonymous,
        records.customer_id,
        records.store_id,
        records.brand,
        records.product_code,
        {% for at, date in [
            ('posted_at', 'said_date'), ('answered_at', 'answered_date'), ('closed_at', 'closed_date')
        ] %}
        cast(
            case
                when records.{{ at }}_is_utc
                    then {{ utc_to_local('records.' ~ at, store_zone) }}
                else records.{{ at }}
            end as date
        ) as {{ date }},
        {% endfor %}
        records.sentiment,
        records.status,
        records.improvement_id,
        records.reward_amount,
        'ref_feedback' as feed,
        records.feedback_id as row_key
    from {{ ref('int_customers__feedback_linked') }} as records
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_stores__details_stated') }} as stores
        on records.store_id = stores.store_id
),

items as (
    {% for part in ['complaints', 'answers', 'records'] %}
    select
        feedback_id,
        source_kind,
        author,
        door,
        platform,
        is_anonymous,
        case when not is_anonymous then customer_id end as customer_id,
        case when not is_anonymous then store_id end as store_id,
        brand,
        product_code,
        case
            when is_anonymous
                then {{ add_days(add_months(month_of('said_date'), 1), -1) }}
            else said_date
        end as captured_date,
        said_date,
        sentiment,
        status,
        answered_date,
        closed_date,
        improvement_id,
        reward_amount,
        feed,
        row_key
    from {{ part }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    items.feedback_id,
    items.source_kind,
    items.author,
    items.door,
    items.platform,
    items.is_anonymous,
    items.customer_id,
    items.store_id,
    items.brand,
    items.product_code,
    items.captured_date,
    greatest(items.captured_date, coalesce(arrivals.arrived_date, items.captured_date))
        as presented_date,
    greatest(items.said_date, coalesce(arrivals.arrived_date, items.said_date)) as known_date,
    items.sentiment,
    items.status,
    items.answered_date,
    items.closed_date,
    items.improvement_id,
    items.reward_amount
from items
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_feedback__arrivals_dated') }} as arrivals
    on items.feed = arrivals.feed and items.row_key = arrivals.row_key
where items.said_date <= context.as_of
