select
    designs.store_id,
    designs.complaint_type,
    designs.month_start,
    designs.rate_source,
    designs.usual_rate,
    designs.reference_value,
    designs.decision_limit,
    designs.run_length_days,
    cast(coalesce(sum(sums.complaints), 0) as integer) as complaints,
    max(sums.cusum) as highest_cusum,
    cast(count(case when sums.is_signal then 1 end) as integer) as signals,
    case
        when designs.rate_source = 'no data' then 'no data'
        when designs.decision_limit is null then 'no design'
        else 'watched'
    end as status,
    context.as_of
from {{ ref('int_complaints__charts_designed') }} as designs
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_complaints__sums_accumulated') }} as sums
    on
        designs.store_id = sums.store_id
        and designs.complaint_type = sums.complaint_type
        and designs.month_start = {{ month_of('sums.received_date') }}
group by
    designs.store_id,
    designs.complaint_type,
    designs.month_start,
    designs.rate_source,
    designs.usual_rate,
    designs.reference_value,
    designs.decision_limit,
    designs.run_length_days,
    context.as_of
