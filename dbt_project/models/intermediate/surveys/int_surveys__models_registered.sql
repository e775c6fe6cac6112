{# Name, fit, what it was fitted by, its error, its note, its measure of error, its parameters. #}
{% set kept = "'{\"coefficients\": ' || cast(count(case when state = 'kept' then 1 end) as string)
            || ', \"folds\": 5}'" %}
{% set fits = [
    (
        'satisfaction_factors', 'int_surveys__factors_fitted', 'wave', 'residual', 'note',
        'root mean squared residual correlation',
        "'{\"factors\": ' || cast(coalesce(max(factors), 0) as string)
            || ', \"rotation\": \"varimax\"}'",
    ),
    (
        'satisfaction_clusters', 'int_surveys__clusters_fitted', 'year', 'spread', 'note',
        'root mean squared distance to the centre in standard deviations',
        "'{\"clusters\": ' || cast(coalesce(max(clusters), 0) as string) || ', \"seed\": 1}'",
    ),
    (
        'satisfaction_elasticity', 'int_surveys__elasticity_fitted', 'all', 'rmse', 'fit_note',
        'rmse of the logarithm of retention in five folds', kept,
    ),
    (
        'value_drivers', 'int_value__drivers_fitted', 'year', 'rmse', 'fit_note',
        'rmse of total value in five folds', kept,
    ),
    (
        'loyalty_influences', 'int_retention__influences_fitted', 'year', 'rmse', 'fit_note',
        'rmse of the loyalty index in five folds', kept,
    ),
] %}

-- Fits per wave or year are registered by the newest one.
with registered as (
    {% for name, fit, each, error, note, measure, parameters in fits %}
    select
        '{{ name }}' as model_name,
        max(n) as n,
        {{ parameters }} as parameters,
        '{{ measure }}' as error_measure,
        max({{ error }}) as error_value,
        max(naive_{{ error }}) as naive_error_value,
        max(status) as status,
        max({{ note }}) as note
    from {{ ref(fit) }}
    {% if each == 'year' %}
    where calendar_year = (select max(fits.calendar_year) from {{ ref(fit) }} as fits)
    {% elif each == 'wave' %}
    where
        wave_id = (
            select max(waves.wave_id)
            from {{ ref('int_surveys__waves_listed') }} as waves
            where
                waves.wave_no = (
                    select max(newest.wave_no)
                    from {{ ref('int_surveys__waves_listed') }} as newest
                )
        )
    {% endif %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    registered.model_name,
    '1' as model_version,
    context.as_of as fitted_for_date,
    cast(coalesce(registered.n, 0) as bigint) as n_observations,
    registered.parameters,
    registered.error_measure,
    registered.error_value,
    registered.naive_error_value,
    coalesce(registered.status, 'no data') as status,
    coalesce(registered.note, 'no answers') as note
from registered
cross join {{ ref('int_build__context_stated') }} as context
