-- Great-circle kilometres from every store to every other that is open at as_of.
with measured as (
    select
        homes.store_id,
        others.store_id as other_store_id,
        {{ distance_km(
            'homes.latitude', 'homes.longitude', 'others.latitude', 'others.longitude'
        ) }} as distance_km
    from {{ ref('int_stores__details_stated') }} as homes
    cross join {{ ref('int_build__context_stated') }} as context
    inner join {{ ref('int_stores__details_stated') }} as others
        on
            homes.store_id <> others.store_id
            and context.as_of >= others.opened_date
            and coalesce(context.as_of < others.closed_date, true)
)

select
    store_id,
    other_store_id,
    cast(distance_km as decimal(9, 3)) as distance_km,
    cast(
        row_number() over (
            partition by store_id
            order by cast(distance_km as decimal(9, 3)) asc nulls last, other_store_id asc
        ) as integer
    ) as place
from measured
where distance_km is not null
