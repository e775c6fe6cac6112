-- The error is the usual standard error of the spend per unit, beside that of the plain difference.
with lifts as (
    select
        count(*) as campaigns,
        sum(n_treated + n_control) as n,
        sum(standard_error) / count(*) as error_value,
        sum(plain_standard_error) / count(*) as naive_error_value
    from {{ ref('int_campaigns__lifts_estimated') }}
    where measure = 'spend' and status = 'measured'
)

select
    'campaign_lift' as model_name,
    '1' as model_version,
    rules.as_of as fitted_for_date,
    cast(coalesce(lifts.n, 0) as bigint) as n_observations,
    '{"alpha": ' || cast(cast(rules.alpha as double) as string)
    || ', "campaigns": ' || cast(lifts.campaigns as string)
    || ', "power": ' || cast(cast(rules.power as double) as string) || '}' as parameters,
    'mean standard error of the spend per unit' as error_measure,
    round(lifts.error_value, 6) as error_value,
    round(lifts.naive_error_value, 6) as naive_error_value,
    case when lifts.campaigns > 0 then 'fitted' else 'no data' end as status,
    case when lifts.campaigns > 0 then '' else 'no campaign has a comparison' end as note
from lifts
cross join {{ ref('int_campaigns__rules_dated') }} as rules
