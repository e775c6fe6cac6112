-- The satisfaction of a response is the mean of its overall score, or of all its scores without
-- one.
with responses as (
    select
        customer_id,
        wave_id,
        response_id,
        max(cast(responded_at_local as date)) as answered_date,
        cast(sum(case when dimension = 'overall' then score_100 end) as double)
        / nullif(count(case when dimension = 'overall' then score_100 end), 0) as overall,
        cast(sum(score_100) as double) / nullif(count(score_100), 0) as mean_of_all
    from {{ ref('int_surveys__identities_removed') }}
    where
        customer_id is not null
        and subject = 'own'
        and dimension in (
            'overall', 'product', 'service', 'price', 'after_sales', 'marketing', 'communication'
        )
    group by customer_id, wave_id, response_id
)

select
    customer_id,
    wave_id,
    response_id,
    answered_date,
    coalesce(overall, mean_of_all) as csat_100
from responses
where coalesce(overall, mean_of_all) is not null
