{% set zone = 'coalesce(stores.timezone, context.chain_timezone)' %}

with localised as (
    select
        sales.*,
        case
            when sales.sold_at_is_utc then {{ utc_to_local('sales.sold_at', zone) }}
            else sales.sold_at
        end as sold_at_local
    from {{ ref('stg_pos__sale_versions') }} as sales
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_stores__details_stated') }} as stores on sales.store_id = stores.store_id
)

select
    localised.*,
    coalesce(
        localised.delivered_business_date,
        cast({{ add_hours('localised.sold_at_local', '-cutoff.value_number') }} as date)
    ) as business_date
from localised
left join {{ ref('int_parameters__periods_dated') }} as cutoff
    on
        cutoff.code = 'day_cutoff_hours'
        and cast(localised.sold_at_local as date) >= cutoff.valid_from
        and cast(localised.sold_at_local as date) < cutoff.valid_before
