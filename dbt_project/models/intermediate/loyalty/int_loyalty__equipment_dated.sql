-- A store is equipped from the first delivery that lists the equipment; from before all deliveries
-- where the first one does.
with listed as (
    select
        versions.store_id,
        details.product_series,
        loads.delivery_date,
        coalesce(
            ';' || replace(versions.equipment, ' ', '') || ';'
            like '%;' || details.equipment || ';%',
            false
        ) as has_equipment
    from {{ ref('stg_reference__store_versions') }} as versions
    inner join {{ ref('int_loads__files_settled') }} as loads
        on
            loads.feed = 'stores'
            and loads.status = 'loaded'
            and versions.load_id = loads.load_id
    inner join {{ ref('int_loyalty__series_detailed') }} as details
        on details.equipment is not null
),

dated as (
    select
        store_id,
        product_series,
        min(delivery_date) as first_delivery_date,
        min(case when has_equipment then delivery_date end) as first_equipped_date
    from listed
    group by store_id, product_series
)

select
    store_id,
    product_series,
    first_equipped_date is not null as is_equipped,
    case
        when first_equipped_date > first_delivery_date then first_equipped_date
    end as equipped_from_date
from dated
