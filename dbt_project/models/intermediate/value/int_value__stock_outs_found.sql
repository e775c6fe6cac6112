select
    interactions.store_id,
    cast(
        case
            when interactions.occurred_at_is_utc
                then
                    {{ utc_to_local(
                        'interactions.occurred_at',
                        'coalesce(stores.timezone, context.chain_timezone)'
                    ) }}
            else interactions.occurred_at
        end as date
    ) as wish_date,
    cast(count(*) as integer) as wishes
from {{ ref('stg_reference__interactions') }} as interactions
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_stores__details_stated') }} as stores
    on interactions.store_id = stores.store_id
where interactions.reason = 'out_of_stock'
group by 1, 2
