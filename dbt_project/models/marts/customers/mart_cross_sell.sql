select
    chosen.customer_id,
    chosen.series_owned,
    chosen.owned,
    chosen.home_store_id,
    chosen.stores,
    chosen.next_best,
    chosen.score,
    chosen.lift,
    case when chosen.stores = 1 then nearest.other_store_id end as next_store_id,
    case when chosen.stores = 1 then nearest.distance_km end as next_store_km,
    case
        when chosen.stores > 1
            then 'buys at ' || cast(chosen.stores as string) || ' stores already'
        when nearest.other_store_id is null then 'no other open store with a known place'
        else
            'only ever at ' || chosen.home_store_id || '; ' || nearest.other_store_id || ' is '
            || cast(cast(nearest.distance_km as decimal(9, 1)) as string) || ' km away'
    end as store_reason,
    chosen.series_reason as reasons,
    coverage.coverage_pct,
    context.as_of
from {{ ref('int_baskets__next_series_chosen') }} as chosen
cross join {{ ref('int_build__context_stated') }} as context
cross join {{ ref('int_sales__coverage_totalled') }} as coverage
left join {{ ref('int_stores__neighbours_measured') }} as nearest
    on chosen.home_store_id = nearest.store_id and nearest.place = 1
where chosen.moment = 'now'
