select
    customer_id,
    product_series,
    calendar_year,
    cast(count(*) as integer) as answers,
    cast(sum(score_100) as decimal(18, 4)) as score_sum,
    cast(sum(score_100) as double) / count(*) as attitude_mean_100
from {{ ref('int_surveys__identities_removed') }}
where
    dimension = 'attitude'
    and subject = 'own'
    and product_series is not null
    and score_100 is not null
group by customer_id, product_series, calendar_year
