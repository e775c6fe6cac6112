-- The map that the chain delivered, else the one of the house.
with delivered as (
    select
        stage5,
        coalesce(is_reactivated, false) as is_reactivated,
        stage_5_1,
        stage_6_3,
        stage_7_4
    from {{ ref('stg_reference__lifecycle_map') }}
)

select
    house.stage5,
    house.is_reactivated,
    coalesce(delivered.stage_5_1, house.stage_5_1) as stage_5_1,
    coalesce(delivered.stage_6_3, house.stage_6_3) as stage_6_3,
    coalesce(delivered.stage_7_4, house.stage_7_4) as stage_7_4
from {{ ref('ref_lifecycle_lists') }} as house
left join delivered
    on house.stage5 = delivered.stage5 and house.is_reactivated = delivered.is_reactivated
