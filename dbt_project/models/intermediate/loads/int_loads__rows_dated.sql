{% set zone = 'coalesce(stores.timezone, complaints.timezone, context.chain_timezone)' %}

-- A step belongs to the store of its complaint; a sale has the business date that its version
-- states, everything else the local date on which it happened.
with sales as (
    select
        'pos_sales' as feed,
        load_id,
        file_row,
        business_date,
        is_void
    from {{ ref('int_sales__versions_dated') }}
)

select
    delivered.feed,
    delivered.load_id,
    delivered.file_row,
    delivered.row_key,
    delivered.row_hash,
    delivered.exported_at,
    delivered.updated_at,
    coalesce(delivered.store_id, complaints.store_id) as store_id,
    delivered.occurred_at,
    delivered.occurred_at_is_utc,
    {{ zone }} as timezone,
    case
        when delivered.feed = 'pos_sales' then sales.business_date
        when delivered.occurred_at_is_utc
            then cast({{ utc_to_local('delivered.occurred_at', zone) }} as date)
        else cast(delivered.occurred_at as date)
    end as event_date,
    coalesce(sales.is_void, false) as is_void,
    delivered.net_amount
from {{ ref('stg_lake__rows') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join sales
    on
        delivered.feed = sales.feed
        and delivered.load_id = sales.load_id
        and delivered.file_row = sales.file_row
left join {{ ref('int_complaints__received_localised') }} as complaints
    on
        case when delivered.feed = 'complaint_events' then delivered.complaint_id end
        = complaints.complaint_id
left join {{ ref('int_stores__details_stated') }} as stores
    on delivered.store_id = stores.store_id
