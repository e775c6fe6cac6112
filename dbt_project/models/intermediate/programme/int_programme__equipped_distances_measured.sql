-- Great-circle distance from a store to the nearest one that can sell the series; 0 from one that
-- can itself. Where no store is equipped, or a place is unknown, there is none.
with equipped as (
    select
        equipment.product_series,
        equipment.store_id,
        stores.latitude,
        stores.longitude
    from {{ ref('int_loyalty__equipment_dated') }} as equipment
    inner join {{ ref('int_stores__details_stated') }} as stores
        on equipment.store_id = stores.store_id
    cross join {{ ref('int_build__context_stated') }} as context
    where
        equipment.is_equipped
        and coalesce(equipment.equipped_from_date <= context.as_of, true)
        and coalesce(stores.closed_date > context.as_of, true)
)

select
    stores.store_id,
    equipped.product_series,
    min(
        case
            when stores.store_id = equipped.store_id then 0
            else
                {{ distance_km(
                    'stores.latitude', 'stores.longitude', 'equipped.latitude', 'equipped.longitude'
                ) }}
        end
    ) as distance_km
from {{ ref('int_stores__details_stated') }} as stores
cross join equipped
group by stores.store_id, equipped.product_series
