select
    cases.case_id,
    case
        when cases.kind = 'order_request' then 'order_request'
        when cases.case_id is not null then 'service_case'
    end as item_kind,
    cases.order_status,
    cases.service_phase,
    cases.service_kind,
    cases.store_id,
    cases.opened_date,
    cast({{ days_between('cases.opened_date', 'context.as_of') }} as integer) as days_open,
    case when delivered.is_delivered then 'open' else 'no data' end as status,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_service__cases_summarised') }} as cases
    on delivered.is_delivered and cases.is_open
where
    delivered.feed = 'ref_interactions'
    and (cases.case_id is not null or not delivered.is_delivered)
