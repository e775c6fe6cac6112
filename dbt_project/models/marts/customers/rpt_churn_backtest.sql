-- What the warning of one outlook ago would have been worth: of those warned how many fell silent
-- (precision), of those who fell silent how many were warned (recall).
with warned as (
    select
        'band high' as warning,
        band = 'high' as is_warned,
        has_fallen_silent
    from {{ ref('int_churn__risks_weighed') }}
    where moment = 'test'
    union all
    select
        'band high or medium' as warning,
        band in ('high', 'medium') as is_warned,
        has_fallen_silent
    from {{ ref('int_churn__risks_weighed') }}
    where moment = 'test'
    union all
    select
        'probability from 0.5' as warning,
        scores.churn_probability >= 0.5 as is_warned,
        risks.has_fallen_silent
    from {{ ref('int_churn__risks_weighed') }} as risks
    inner join {{ ref('int_churn__customers_scored') }} as scores
        on risks.customer_id = scores.customer_id and risks.moment = scores.moment
    where risks.moment = 'test'
),

counted as (
    select
        warning,
        count(*) as customers,
        count(case when is_warned then 1 end) as warned,
        count(case when has_fallen_silent then 1 end) as fell_silent,
        count(case when is_warned and has_fallen_silent then 1 end) as rightly_warned
    from warned
    group by warning
)

select
    counted.warning,
    moments.judged_date,
    cast(counted.customers as integer) as customers,
    cast(counted.warned as integer) as warned,
    cast(counted.fell_silent as integer) as fell_silent,
    cast(counted.rightly_warned as integer) as rightly_warned,
    cast(counted.rightly_warned as double) / nullif(counted.warned, 0) as precision_share,
    cast(counted.rightly_warned as double) / nullif(counted.fell_silent, 0) as recall_share,
    cast(counted.fell_silent as double) / nullif(counted.customers, 0) as base_rate,
    context.as_of
from counted
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_churn__moments_stated') }} as moments on moments.moment = 'test'
