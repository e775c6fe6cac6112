select
    gaps.dealer_id,
    gaps.outlet_id,
    gaps.left_date,
    gaps.covered_date,
    cast(gaps.uncovered_days as integer) as uncovered_days,
    case
        when not delivered.is_delivered then 'no data'
        when gaps.covered_date is null then 'open-ended'
        else 'covered'
    end as status,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_partners__outlet_gaps_dated') }} as gaps on delivered.is_delivered
where
    delivered.feed = 'ref_partners'
    and (gaps.outlet_id is not null or not delivered.is_delivered)
