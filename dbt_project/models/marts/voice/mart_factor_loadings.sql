select
    fits.wave_id,
    coalesce(fits.factor, 'none') as factor,
    coalesce(fits.indicator, 'none') as item,
    fits.loading,
    fits.explained as variance_explained,
    fits.uniqueness,
    fits.effect as effect_on_overall,
    cast(fits.n as integer) as n,
    cast(fits.factors as integer) as factors,
    fits.chi_square,
    cast(fits.degrees_of_freedom as integer) as degrees_of_freedom,
    fits.p_value,
    fits.status,
    nullif(fits.note, '') as reason,
    context.as_of
from {{ ref('int_surveys__factors_fitted') }} as fits
cross join {{ ref('int_build__context_stated') }} as context
