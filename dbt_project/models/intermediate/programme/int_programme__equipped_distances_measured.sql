-- Great-circle distance from a store to the nearest one that can sell the series; 0 from one that
-- can itself. Where no store is equipped, or a place is unknown, there is none.
with equipped as (
    select
        equipment.product_series,
        equipment.store_id,
        cast(stores.latitude as double) as latitude,
        cast(stores.longitude as double) as longitude
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
                6371.0 * 2 * asin(
                    sqrt(
                        power(
                            sin(
                                radians(equipped.latitude - cast(stores.latitude as double)) / 2
                            ), 2
                        )
                        + cos(radians(cast(stores.latitude as double)))
                        * cos(radians(equipped.latitude))
                        * power(
                            sin(
                                radians(equipped.longitude - cast(stores.longitude as double)) / 2
                            ), 2
                        )
                    )
                )
        end
    ) as distance_km
from {{ ref('int_stores__details_stated') }} as stores
cross join equipped
group by stores.store_id, equipped.product_series
