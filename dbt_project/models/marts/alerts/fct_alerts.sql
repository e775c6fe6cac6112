with answered as (
    select
        found.alert_code,
        found.entity_type,
        found.entity_id,
        found.opened_date,
        min(responses.response_date) as response_date,
        min(responses.cause) as cause,
        max(
            case when responses.is_confirmed then 1 when not responses.is_confirmed then 0 end
        ) = 1 as is_confirmed
    from {{ ref('int_alerts__all_listed') }} as found
    inner join {{ ref('int_alerts__responses_found') }} as responses
        on
            found.alert_code = responses.alert_code
            and found.entity_id = responses.entity_id
            and found.opened_date <= responses.response_date
            and responses.response_date <= coalesce(found.closed_date, responses.response_date)
    group by found.alert_code, found.entity_type, found.entity_id, found.opened_date
)

select
    found.alert_code,
    found.entity_type,
    found.entity_id,
    found.opened_date as opened_at,
    found.closed_date as closed_at,
    case when found.closed_date is null then 'open' else 'closed' end as status,
    case
        when found.closed_date is not null then 'feedback'
        when answered.response_date is not null then 'response'
        else 'signal'
    end as stage,
    codes.severity,
    found.alert_value as value,
    found.threshold,
    found.cases,
    codes.owner,
    codes.runbook,
    answered.response_date as responded_at,
    case
        when answered.response_date is not null then coalesce(responses.response, codes.response)
        when found.closed_date is not null then codes.response
    end as response,
    found.feedback,
    case when found.closed_date is not null then answered.cause end as cause,
    case when found.closed_date is not null then answered.is_confirmed end as is_confirmed,
    found.closed_date is not null and answered.cause is null as is_closed_without_cause,
    cast(found.opened_date as string) || '/' || found.alert_code as page_id,
    context.as_of
from {{ ref('int_alerts__all_listed') }} as found
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_alerts__codes_listed') }} as codes on found.alert_code = codes.alert_code
left join answered
    on
        found.alert_code = answered.alert_code
        and found.entity_type = answered.entity_type
        and found.entity_id = answered.entity_id
        and found.opened_date = answered.opened_date
left join {{ ref('int_alerts__responses_found') }} as responses
    on
        answered.alert_code = responses.alert_code
        and answered.entity_id = responses.entity_id
        and answered.response_date = responses.response_date
