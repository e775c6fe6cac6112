-- Fits per wave or year are registered by the newest one.
with factors as (
    select
        max(status) as status,
        max(note) as note,
        max(n) as n,
        max(factors) as factors,
        max(residual) as residual,
        max(naive_residual) as naive_residual
    from {{ ref('int_surveys__factors_fitted') }}
    where
        wave_id = (
            select max(case when waves.wave_no = newest.wave_no then waves.wave_id end)
            from {{ ref('int_surveys__waves_listed') }} as waves
            cross join (
                select max(wave_no) as wave_no
                from {{ ref('int_surveys__waves_listed') }}
            ) as newest
        )
),

clusters as (
    select
        max(status) as status,
        max(note) as note,
        max(n) as n,
        max(clusters) as clusters,
        max(spread) as spread,
        max(naive_spread) as naive_spread
    from {{ ref('int_surveys__clusters_fitted') }}
    where
        calendar_year = (
            select max(fits.calendar_year)
            from {{ ref('int_surveys__clusters_fitted') }} as fits
        )
),

elasticity as (
    select
        max(status) as status,
        max(fit_note) as note,
        max(n) as n,
        count(case when state = 'kept' then 1 end) as coefficients,
        max(rmse) as rmse,
        max(naive_rmse) as naive_rmse
    from {{ ref('int_surveys__elasticity_fitted') }}
),

drivers as (
    select
        max(status) as status,
        max(fit_note) as note,
        max(n) as n,
        count(case when state = 'kept' then 1 end) as coefficients,
        max(rmse) as rmse,
        max(naive_rmse) as naive_rmse
    from {{ ref('int_value__drivers_fitted') }}
    where
        calendar_year = (
            select max(fits.calendar_year)
            from {{ ref('int_value__drivers_fitted') }} as fits
        )
),

influences as (
    select
        max(status) as status,
        max(fit_note) as note,
        max(n) as n,
        count(case when state = 'kept' then 1 end) as coefficients,
        max(rmse) as rmse,
        max(naive_rmse) as naive_rmse
    from {{ ref('int_retention__influences_fitted') }}
    where
        calendar_year = (
            select max(fits.calendar_year)
            from {{ ref('int_retention__influences_fitted') }} as fits
        )
),

registered as (
    select
        'satisfaction_factors' as model_name,
        n,
        '{"factors": ' || cast(coalesce(factors, 0) as varchar) || ', "rotation": "varimax"}'
            as parameters,
        'root mean squared residual correlation' as error_measure,
        residual as error_value,
        naive_residual as naive_error_value,
        status,
        note
    from factors
    union all
    select
        'satisfaction_clusters' as model_name,
        n,
        '{"clusters": ' || cast(coalesce(clusters, 0) as varchar) || ', "seed": 1}' as parameters,
        'root mean squared distance to the centre in standard deviations' as error_measure,
        spread as error_value,
        naive_spread as naive_error_value,
        status,
        note
    from clusters
    union all
    select
        'satisfaction_elasticity' as model_name,
        n,
        '{"coefficients": ' || cast(coefficients as varchar) || ', "folds": 5}' as parameters,
        'rmse of the logarithm of retention in five folds' as error_measure,
        rmse as error_value,
        naive_rmse as naive_error_value,
        status,
        note
    from elasticity
    union all
    select
        'value_drivers' as model_name,
        n,
        '{"coefficients": ' || cast(coefficients as varchar) || ', "folds": 5}' as parameters,
        'rmse of total value in five folds' as error_measure,
        rmse as error_value,
        naive_rmse as naive_error_value,
        status,
        note
    from drivers
    union all
    select
        'loyalty_influences' as model_name,
        n,
        '{"coefficients": ' || cast(coefficients as varchar) || ', "folds": 5}' as parameters,
        'rmse of the loyalty index in five folds' as error_measure,
        rmse as error_value,
        naive_rmse as naive_error_value,
        status,
        note
    from influences
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
