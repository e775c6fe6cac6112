with fit as (
    select
        max(case when feature = 'log_csat' then coef end) as elasticity,
        max(case when feature = 'log_csat' then se end) as se,
        max(case when feature = 'log_csat' then p_value end) as p_value,
        max(n) as n,
        max(r2) as r2,
        max(status) as status,
        max(fit_note) as reason
    from {{ ref('int_surveys__elasticity_fitted') }}
),

quoted as (
    select
        max(case when code = 'sat_16_elasticity_ten' then cast(low as double) end) as ten_pct,
        max(case when code = 'sat_16_elasticity_one' then cast(low as double) end) as one_pct
    from {{ ref('int_surveys__benchmarks_listed') }}
)

select
    fit.elasticity,
    fit.elasticity - cast(rules.nps_margin_z as double) * fit.se as low,
    fit.elasticity + cast(rules.nps_margin_z as double) * fit.se as high,
    fit.p_value,
    cast(coalesce(fit.n, 0) as integer) as n,
    fit.r2,
    quoted.ten_pct as quoted_ten_pct,
    quoted.one_pct as quoted_one_pct,
    case
        when abs(fit.elasticity - quoted.one_pct) <= abs(fit.elasticity - quoted.ten_pct)
            then '000 §5.2'
        when abs(fit.elasticity - quoted.one_pct) > abs(fit.elasticity - quoted.ten_pct)
            then '000 ch4 §4.1.1'
    end as nearer_to,
    coalesce(fit.status, 'no data') as status,
    nullif(fit.reason, '') as reason,
    rules.as_of
from fit
cross join quoted
cross join {{ ref('int_surveys__rules_dated') }} as rules
