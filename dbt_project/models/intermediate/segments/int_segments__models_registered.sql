-- RFM is judged by what its scores would have said of the quarter that followed: the error of the
-- mean spend of all others with the same sum of scores, beside that of all others.
with cells as (
    select
        cast(next_spend as double) as next_spend,
        count(*) over (partition by r + f + m) as cell_n,
        sum(cast(next_spend as double)) over (partition by r + f + m) as cell_sum,
        count(*) over () as all_n,
        sum(cast(next_spend as double)) over () as all_sum
    from {{ ref('int_segments__rfm_scored') }}
    where not is_current and next_spend is not null and m is not null
),

rfm as (
    select
        count(*) as n,
        sqrt(
            sum(
                power(
                    next_spend
                    - case
                        when cell_n > 1 then (cell_sum - next_spend) / (cell_n - 1)
                        else (all_sum - next_spend) / (all_n - 1)
                    end, 2
                )
            ) / count(*)
        ) as error_value,
        sqrt(sum(power(next_spend - (all_sum - next_spend) / (all_n - 1), 2)) / count(*))
            as naive_error_value
    from cells
    where all_n > 1
),

scored as (
    select count(*) as n
    from {{ ref('int_segments__rfm_scored') }}
    where is_current
),

factors as (
    select
        max(status) as status,
        max(note) as note,
        max(n) as n,
        max(factors) as factors,
        max(residual) as residual,
        max(naive_residual) as naive_residual
    from {{ ref('int_segments__factors_fitted') }}
),

clusters as (
    select
        max(status) as status,
        max(note) as note,
        max(n) as n,
        max(clusters) as clusters,
        max(spread) as spread,
        max(naive_spread) as naive_spread
    from {{ ref('int_segments__clusters_fitted') }}
),

regressions as (
    select
        max(status) as status,
        max(fit_note) as note,
        max(n) as n,
        count(case when state = 'kept' then 1 end) as coefficients,
        max(rmse) as rmse,
        max(naive_rmse) as naive_rmse
    from {{ ref('int_segments__regressions_fitted') }}
),

associations as (
    select
        count(case when status = 'fitted' then 1 end) as pairs,
        max(n) as n,
        sum(n * error_share) / sum(case when status = 'fitted' then n end) as error_value,
        sum(n * naive_error_share) / sum(case when status = 'fitted' then n end)
            as naive_error_value
    from {{ ref('int_segments__associations_measured') }}
),

registered as (
    select
        'rfm' as model_name,
        '1' as model_version,
        scored.n as n_observations,
        '{"horizon_days": ' || cast(cast(rules.horizon_days as integer) as string)
        || ', "quantiles": 5}' as parameters,
        'rmse of the next spend by the sum of scores' as error_measure,
        rfm.error_value,
        rfm.naive_error_value,
        case when scored.n > 0 then 'fitted' else 'no data' end as status,
        case
            when scored.n = 0 then 'no buyers'
            when rfm.error_value is null then 'nobody had bought a horizon ago: no error yet'
            else ''
        end as note
    from scored
    cross join rfm
    cross join {{ ref('int_segments__rules_dated') }} as rules
    union all
    select
        'behaviour_factors' as model_name,
        '1' as model_version,
        coalesce(n, 0) as n_observations,
        '{"factors": ' || cast(coalesce(factors, 0) as string) || ', "rotation": "varimax"}'
            as parameters,
        'root mean squared residual correlation' as error_measure,
        residual as error_value,
        naive_residual as naive_error_value,
        coalesce(status, 'no data') as status,
        coalesce(note, 'no buyers') as note
    from factors
    union all
    select
        'behaviour_clusters' as model_name,
        '1' as model_version,
        coalesce(n, 0) as n_observations,
        '{"clusters": ' || cast(coalesce(clusters, 0) as string) || ', "seed": 1}' as parameters,
        'root mean squared distance to the centre in standard deviations' as error_measure,
        spread as error_value,
        naive_spread as naive_error_value,
        coalesce(status, 'no data') as status,
        coalesce(note, 'no buyers') as note
    from clusters
    union all
    select
        'next_spend_regression' as model_name,
        '1' as model_version,
        coalesce(n, 0) as n_observations,
        '{"coefficients": ' || cast(coefficients as string) || ', "folds": 5}' as parameters,
        'rmse of the next spend in five folds' as error_measure,
        rmse as error_value,
        naive_rmse as naive_error_value,
        coalesce(status, 'no data') as status,
        coalesce(note, 'no buyers') as note
    from regressions
    union all
    select
        'need_associations' as model_name,
        '1' as model_version,
        coalesce(n, 0) as n_observations,
        '{"pairs": ' || cast(pairs as string) || '}' as parameters,
        'share of behaviours that are not the usual one of the need' as error_measure,
        error_value,
        naive_error_value,
        case when pairs > 0 then 'fitted' else 'no data' end as status,
        case when pairs > 0 then '' else 'no pair is known of enough buyers' end as note
    from associations
)

select
    registered.model_name,
    registered.model_version,
    context.as_of as fitted_for_date,
    cast(registered.n_observations as bigint) as n_observations,
    registered.parameters,
    registered.error_measure,
    -- Sums of a window run in no fixed order: their last digits are no result.
    round(registered.error_value, 6) as error_value,
    round(registered.naive_error_value, 6) as naive_error_value,
    registered.status,
    registered.note
from registered
cross join {{ ref('int_build__context_stated') }} as context
