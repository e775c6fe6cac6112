select
    'next_spend_regression' as model,
    cast(fits.feature as string) as feature,
    cast(fits.coef as double) as coef,
    cast(fits.se as double) as se,
    cast(fits.p_value as double) as p_value,
    cast(fits.beta as double) as beta,
    cast(fits.state as string) as feature_state,
    cast(
        nullif(case when fits.status = 'fitted' then fits.note else fits.fit_note end, '')
        as string
    ) as reason,
    cast(fits.r2 as double) as r2,
    cast(fits.n as integer) as n,
    cast(fits.rmse as double) as rmse,
    cast(fits.naive_rmse as double) as naive_rmse,
    {{ add_days('rules.as_of', '-cast(rules.horizon_days as integer)') }} as trained_to,
    cast(fits.status as string) as status,
    rules.chain_currency as currency,
    rules.as_of
from {{ ref('int_segments__regressions_fitted') }} as fits
cross join {{ ref('int_segments__rules_dated') }} as rules
