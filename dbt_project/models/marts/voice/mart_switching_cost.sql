-- What a customer would lose or have to do to go elsewhere, each part from 0 to 100; the index is
-- the mean of the parts that are known. Travel is that of the series that needs equipment, from the
-- home store of the newest year.
with homes as (
    select
        customer_id,
        store_id,
        row_number() over (partition by customer_id order by calendar_year desc) as place
    from {{ ref('int_loyalty__home_stores_found') }}
),

travel as (
    select
        store_id,
        max(distance_km) as distance_km
    from {{ ref('int_programme__equipped_distances_measured') }}
    group by store_id
),

eases as (
    select
        customer_id,
        score_100,
        row_number() over (
            partition by customer_id
            order by responded_at_local desc nulls last, wave_id desc, question_code asc
        ) as place
    from {{ ref('int_surveys__ratings_kept') }}
    where role = 'switch_ease' and subject = 'own' and customer_id is not null
),

parts as (
    select
        customers.customer_id,
        case
            when customers.points_balance is not null
                then
                    100 * least(
                        cast(customers.points_balance as double)
                        / cast(rules.switching_cost_points_cap as double), 1
                    )
        end as points_part,
        100 * levels.level_share as level_part,
        case
            when travel.distance_km is not null
                then
                    100 * least(
                        travel.distance_km
                        / cast(rules.switching_cost_distance_cap_km as double), 1
                    )
        end as travel_part,
        100 - cast(eases.score_100 as double) as stated_part,
        travel.distance_km,
        rules.as_of
    from {{ ref('dim_customer') }} as customers
    cross join {{ ref('int_programme__rules_dated') }} as rules
    left join {{ ref('int_programme__member_levels_ranked') }} as levels
        on customers.member_level = levels.level
    left join homes on customers.customer_id = homes.customer_id and homes.place = 1
    left join travel on homes.store_id = travel.store_id
    left join eases on customers.customer_id = eases.customer_id and eases.place = 1
)

select
    customer_id,
    points_part,
    level_part,
    travel_part,
    stated_part,
    distance_km as nearest_equipped_km,
    (
        coalesce(points_part, 0) + coalesce(level_part, 0) + coalesce(travel_part, 0)
        + coalesce(stated_part, 0)
    )
    / nullif(
        case when points_part is null then 0 else 1 end
        + case when level_part is null then 0 else 1 end
        + case when travel_part is null then 0 else 1 end
        + case when stated_part is null then 0 else 1 end,
        0
    ) as switching_cost_index,
    as_of
from parts
