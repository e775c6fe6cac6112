-- Who delivers next to all of a material can stop it: a single source without a substitute at hand.
with supplies as (
    select
        *,
        sum(purchase_amount) over (partition by material, calendar_year, currency) as purchases,
        sum(case when purchase_amount > 0 then 1 else 0 end) over (
            partition by material, calendar_year
        ) as suppliers
    from {{ ref('int_partners__supplies_ranked') }}
    where place = 1
)

select
    supplies.calendar_year,
    supplies.material,
    supplies.partner_id,
    partners.partner_name,
    cast(supplies.purchase_amount as decimal(18, 2)) as purchase_amount,
    cast(supplies.purchase_amount as double) / nullif(cast(supplies.purchases as double), 0)
        as dependency,
    cast(supplies.suppliers as integer) as suppliers,
    supplies.suppliers = 1 as is_single_source,
    cast(supplies.substitutes as integer) as substitutes,
    supplies.suppliers = 1 and coalesce(supplies.substitutes, 0) = 0 as is_supply_gap_candidate,
    supplies.bargaining_power,
    cast(supplies.purchase_amount as double)
    / nullif(cast(supplies.capacity_amount as double), 0) as capacity_used,
    supplies.currency,
    case when delivered.is_delivered then 'stated' else 'no data' end as status,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join supplies on delivered.is_delivered
left join {{ ref('int_partners__relations_kept') }} as partners
    on supplies.partner_id = partners.partner_id
where
    delivered.feed = 'ref_partners'
    and (supplies.partner_id is not null or not delivered.is_delivered)
