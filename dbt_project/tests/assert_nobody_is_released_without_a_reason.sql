{{ config(meta={'requirements': ['LIFE-10', 'CHURN-07']}) }}

select
    customer_id,
    decline_decision as listed
from {{ ref('mart_decline') }}
where decision_reason is null or (decline_decision = 'release' and residual_value is null)
union all
select
    winback.customer_id,
    winback.why as listed
from {{ ref('mart_winback') }} as winback
left join {{ ref('int_customers__consents_judged') }} as consents
    on winback.customer_id = consents.customer_id
where winback.why is null or not coalesce(consents.is_contactable, false)
