-- A table: the build leaves it to the next one, which tells from it what has changed.
{{ config(materialized='table') }}

select
    'load' as fact_kind,
    load_id as fact_key,
    delivery_date as valid_from,
    file_path as stated
from {{ ref('int_loads__files_settled') }}
where feed = 'pos_sales' and status = 'loaded'
union all
select
    'as_of' as fact_kind,
    'as_of' as fact_key,
    as_of as valid_from,
    cast(null as string) as stated
from {{ ref('int_build__context_stated') }}
union all
select
    'store' as fact_kind,
    store_id as fact_key,
    cast(null as date) as valid_from,
    timezone as stated
from {{ ref('int_stores__details_stated') }}
union all
select
    'product' as fact_kind,
    product_code as fact_key,
    cast(null as date) as valid_from,
    series as stated
from {{ ref('int_products__series_mapped') }}
union all
select
    'cost' as fact_kind,
    product_code as fact_key,
    cast(null as date) as valid_from,
    cast(unit_cost as string) as stated
from {{ ref('int_products__series_mapped') }}
union all
select
    'channel' as fact_kind,
    channel as fact_key,
    cast(null as date) as valid_from,
    channel_class as stated
from {{ ref('int_channels__names_mapped') }}
union all
select
    'rate' as fact_kind,
    currency as fact_key,
    valid_from,
    cast(rate as string) || ' until ' || cast(valid_before as string) as stated
from {{ ref('int_currency__rates_dated') }}
union all
select
    'number' as fact_kind,
    member_id as fact_key,
    cast(null as date) as valid_from,
    customer_id as stated
from {{ ref('int_customers__numbers_merged') }}
union all
select
    'rules' as fact_kind,
    rules.code as fact_key,
    rules.valid_from,
    rules.value_text as stated
from {{ ref('int_parameters__periods_dated') }} as rules
inner join {{ ref('int_build__context_stated') }} as context
    on rules.valid_from <= context.as_of and rules.valid_before > context.as_of
