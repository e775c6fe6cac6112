{{ config(meta={'requirements': ['DQ-02']}) }}

-- A value of the marts stands in the lake under its key as it is, or its correction is listed.
with shown as (
    select
        'customers' as feed,
        'city' as column_name,
        customer_id as row_key,
        city as shown_value
    from {{ ref('dim_customer') }}
    -- Of a customer with several member records one speaks for all, under a key of its own.
    where
        is_known
        and customer_id not in (
            select merged.customer_id from {{ ref('int_customers__numbers_merged') }} as merged
        )
    union all
    select
        'products' as feed,
        'series' as column_name,
        product_code as row_key,
        series as shown_value
    from {{ ref('dim_product') }}
    where is_known
    union all
    select
        'survey_responses' as feed,
        'dimension' as column_name,
        wave_id || '|' || response_id || '|' || question_code as row_key,
        dimension as shown_value
    from {{ ref('fct_survey_response') }}
    union all
    select
        'survey_responses' as feed,
        'product_series' as column_name,
        wave_id || '|' || response_id || '|' || question_code as row_key,
        product_series as shown_value
    from {{ ref('fct_survey_response') }}
),

delivered as (
    select
        'customers' as feed,
        'city' as column_name,
        customer_id as row_key,
        city as delivered_value
    from {{ source('reference', 'customers') }}
    union all
    select
        'complaints' as feed,
        'city' as column_name,
        complaint_id as row_key,
        city as delivered_value
    from {{ source('complaints', 'complaints') }}
    union all
    select
        'products' as feed,
        'series' as column_name,
        product_code as row_key,
        series as delivered_value
    from {{ source('reference', 'products') }}
    union all
    select
        'survey_responses' as feed,
        'dimension' as column_name,
        wave_id || '|' || response_id || '|' || question_code as row_key,
        dimension as delivered_value
    from {{ source('surveys', 'survey_responses') }}
    union all
    select
        'survey_responses' as feed,
        'product_series' as column_name,
        wave_id || '|' || response_id || '|' || question_code as row_key,
        product_series as delivered_value
    from {{ source('surveys', 'survey_responses') }}
)

select
    shown.feed,
    shown.column_name,
    shown.row_key,
    shown.shown_value
from shown
left join delivered
    on
        shown.feed = delivered.feed
        and shown.column_name = delivered.column_name
        and shown.row_key = delivered.row_key
        and shown.shown_value = delivered.delivered_value
left join {{ ref('dq_corrections') }} as corrections
    on
        shown.feed = corrections.feed
        and shown.column_name = corrections.column_name
        and shown.row_key = corrections.row_key
        and shown.shown_value = corrections.after_value
where
    shown.shown_value is not null
    and delivered.row_key is null
    and corrections.row_key is null
union all
select
    corrections.feed,
    corrections.column_name,
    corrections.row_key,
    corrections.before_value as shown_value
from {{ ref('dq_corrections') }} as corrections
left join delivered
    on
        corrections.feed = delivered.feed
        and corrections.column_name = delivered.column_name
        and corrections.row_key = delivered.row_key
        and corrections.before_value = delivered.delivered_value
where
    corrections.column_name in ('city', 'series', 'dimension', 'product_series')
    and delivered.row_key is null
