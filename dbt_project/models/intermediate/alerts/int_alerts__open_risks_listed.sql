-- A register without an open risk is one row without a risk; no register is no row.
select
    risks.risk_id,
    risks.likelihood,
    risks.impact
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_alerts__risks_listed') }} as risks
    on
        context.as_of >= risks.opened_date
        and coalesce(context.as_of < risks.closed_date, true)
where delivered.feed = 'ref_risks' and delivered.is_delivered
