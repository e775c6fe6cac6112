-- Ten bands of the probability told one outlook ago, each with the share that did fall silent.
with banded as (
    select
        least(cast(floor(scores.churn_probability * 10) as integer), 9) as band_no,
        scores.churn_probability,
        risks.has_fallen_silent
    from {{ ref('int_churn__customers_scored') }} as scores
    inner join {{ ref('int_churn__risks_weighed') }} as risks
        on scores.customer_id = risks.customer_id and scores.moment = risks.moment
    where scores.moment = 'test'
)

select
    cast(banded.band_no as double) / 10 as probability_from,
    cast(banded.band_no + 1 as double) / 10 as probability_to,
    cast(count(*) as integer) as customers,
    cast(sum(cast(banded.churn_probability as decimal(18, 9))) as double) / count(*)
        as mean_probability,
    cast(count(case when banded.has_fallen_silent then 1 end) as double) / count(*)
        as observed_share,
    context.as_of
from banded
cross join {{ ref('int_build__context_stated') }} as context
group by banded.band_no, context.as_of
