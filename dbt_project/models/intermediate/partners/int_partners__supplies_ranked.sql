-- A record tells of the year up to its day: of a supplier, material and year the last one counts.
select
    supplies.partner_id,
    supplies.material,
    cast(extract(year from supplies.reported_date) as integer) as calendar_year,
    supplies.purchase_amount,
    supplies.capacity_amount,
    supplies.substitutes,
    supplies.bargaining_power,
    supplies.currency,
    row_number() over (
        partition by
            supplies.partner_id, supplies.material, extract(year from supplies.reported_date)
        order by supplies.reported_date desc, supplies.record_id desc
    ) as place
from {{ ref('stg_reference__partners') }} as supplies
inner join {{ ref('int_build__context_stated') }} as context
    on supplies.reported_date <= context.as_of
where supplies.record_kind = 'supply'
