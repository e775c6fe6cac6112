select
    cast(loadings.factor as string) as factor,
    cast(loadings.indicator as string) as indicator,
    cast(loadings.loading as double) as loading,
    cast(loadings.explained as double) as explained_share,
    cast(loadings.uniqueness as double) as uniqueness,
    cast(loadings.n as integer) as n,
    cast(loadings.chi_square as double) as chi_square,
    cast(loadings.degrees_of_freedom as integer) as degrees_of_freedom,
    cast(loadings.p_value as double) as p_value,
    cast(loadings.status as string) as status,
    cast(nullif(loadings.note, '') as string) as reason,
    context.as_of
from {{ ref('int_segments__factors_fitted') }} as loadings
cross join {{ ref('int_build__context_stated') }} as context
