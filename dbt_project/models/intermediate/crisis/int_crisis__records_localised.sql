{% set times = ['detected_at', 'plan_started_at', 'statement_at', 'closed_at'] %}

select
    plans.record_id,
    plans.record_kind,
    plans.crisis_type,
    plans.team_ids,
    plans.valid_from_date,
    plans.reviewed_date,
{% for at in times %}
case
    when plans.{{ at }}_is_utc then {{ utc_to_local('plans.' ~ at, 'context.chain_timezone') }}
    else plans.{{ at }}
end as {{ at }}_local{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('stg_reference__crisis_plans') }} as plans
cross join {{ ref('int_build__context_stated') }} as context
