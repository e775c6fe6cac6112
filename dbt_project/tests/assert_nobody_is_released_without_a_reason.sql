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
left join {{ ref('int_churn__consents_withdrawn') }} as withdrawn
    on winback.customer_id = withdrawn.customer_id
where winback.why is null or withdrawn.customer_id is not null
