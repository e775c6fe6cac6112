{% set zone = 'coalesce(stores.timezone, complaints.timezone, context.chain_timezone)' %}

-- A sale has the business date that its version states.
select
    'pos_sales' as feed,
    sales.load_id,
    sales.file_row,
    sales.store_id,
    sales.sold_at as occurred_at,
    sales.sold_at_is_utc as occurred_at_is_utc,
    coalesce(stores.timezone, context.chain_timezone) as timezone,
    sales.business_date as event_date,
    sales.is_void,
    sales.net_amount
from {{ ref('int_sales__versions_dated') }} as sales
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_stores__details_stated') }} as stores
    on sales.store_id = stores.store_id
union all
-- A step belongs to the store of its complaint; all but sales has the local date on which it
-- happened.
select
    delivered.feed,
    delivered.load_id,
    delivered.file_row,
    coalesce(delivered.store_id, complaints.store_id) as store_id,
    delivered.occurred_at,
    delivered.occurred_at_is_utc,
    {{ zone }} as timezone,
    case
        when delivered.occurred_at_is_utc
            then cast({{ utc_to_local('delivered.occurred_at', zone) }} as date)
        else cast(delivered.occurred_at as date)
    end as event_date,
    false as is_void,
    delivered.net_amount
from {{ ref('stg_lake__rows') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_complaints__received_localised') }} as complaints
    on
        case when delivered.feed = 'complaint_events' then delivered.complaint_id end
        = complaints.complaint_id
left join {{ ref('int_stores__details_stated') }} as stores
    on delivered.store_id = stores.store_id
where delivered.feed <> 'pos_sales'
