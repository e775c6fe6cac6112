select
    store_id,
    {{ month_of('business_date') }} as month_start,
    cast(count(*) as integer) as deliveries,
    cast(count(case when is_called then 1 end) as integer) as called,
    cast(count(case when is_called then 1 end) as double) / nullif(count(is_called), 0)
        as called_share,
    case when count(is_called) = 0 then 'no data' else 'measured' end as status,
    as_of
from {{ ref('int_feedback__deliveries_called') }}
cross join {{ ref('int_build__context_stated') }}
group by store_id, {{ month_of('business_date') }}, as_of
