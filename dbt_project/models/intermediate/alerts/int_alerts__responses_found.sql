-- A line of the risk register that names the alert and its entity answers the alert that was open
-- when it was entered.
select
    risks.alert_code,
    risks.entity_id,
    risks.opened_date as response_date,
    min(coalesce(risks.planned_action, risks.response)) as response
from {{ ref('stg_reference__risks') }} as risks
cross join {{ ref('int_build__context_stated') }} as context
where risks.alert_code is not null and risks.opened_date <= context.as_of
group by risks.alert_code, risks.entity_id, risks.opened_date
