-- A line of the risk register that names the alert and its entity answers the alert that was open
-- when it was entered; on closing the line says what it was and whether it was real.
select
    risks.alert_code,
    risks.entity_id,
    risks.opened_date as response_date,
    min(coalesce(risks.planned_action, risks.response)) as response,
    min(case when risks.closed_date <= context.as_of then risks.cause end) as cause,
    max(
        case
            when risks.closed_date > context.as_of then null
            when risks.is_confirmed then 1
            when not risks.is_confirmed then 0
        end
    ) = 1 as is_confirmed
from {{ ref('stg_reference__risks') }} as risks
cross join {{ ref('int_build__context_stated') }} as context
where risks.alert_code is not null and risks.opened_date <= context.as_of
group by risks.alert_code, risks.entity_id, risks.opened_date
