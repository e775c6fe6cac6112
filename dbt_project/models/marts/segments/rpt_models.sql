{% set domains = ['segments', 'clv', 'churn', 'surveys', 'campaigns'] %}

-- A domain with models of its own is named here; its register has these columns.
{% for domain in domains %}
select
    registered.model_name,
    registered.model_version,
    '{{ domain }}' as domain,
    cast(registered.fitted_for_date as date) as fitted_for_date,
    registered.n_observations,
    coalesce(registered.parameters, '{}') as parameters,
    registered.error_measure,
    registered.error_value,
    registered.naive_error_value,
    registered.error_value < registered.naive_error_value as beats_naive,
    registered.status,
    nullif(registered.note, '') as reason,
    context.as_of
from {{ ref('int_' ~ domain ~ '__models_registered') }} as registered
cross join {{ ref('int_build__context_stated') }} as context
{% if not loop.last %}union all{% endif %}
{% endfor %}
