-- A valuable customer is silent beyond the own rhythm; the next purchase closes the alert, and so
-- does the loss, which the win-back list takes over.
select
    'CHURN_RISK' as alert_code,
    'customer' as entity_type,
    silences.customer_id as entity_id,
    silences.warned_date as opened_date,
    silences.ended_date as closed_date,
    cast(
        {{ days_between(
            'silences.last_purchase_date', 'coalesce(silences.ended_date, context.as_of)'
        ) }} as double
    ) as alert_value,
    cast(silences.days_allowed as double) as threshold,
    case
        when silences.ended_date is null then null
        when silences.has_bought_again then 'the customer bought again'
        else 'the customer is lost'
    end as feedback
from {{ ref('int_churn__silences_found') }} as silences
cross join {{ ref('int_build__context_stated') }} as context
