with days as (
    select
        posted_date,
        store_id,
        brand,
        count(*) as posts,
        count(sentiment) as posts_judged,
        sum(cast(sentiment as double)) / nullif(count(sentiment), 0) as sentiment_mean,
        min(sentiment) as sentiment_min,
        count(case when sentiment < 0 then 1 end) as posts_negative
    from {{ ref('fct_feedback') }}
    where platform is not null and posted_date is not null
    group by posted_date, store_id, brand
)

select
    days.posted_date,
    days.store_id,
    days.brand,
    cast(days.posts as integer) as posts,
    cast(days.posts_judged as integer) as posts_judged,
    days.sentiment_mean,
    cast(days.sentiment_min as decimal(4, 3)) as sentiment_min,
    cast(days.posts_negative as integer) as posts_negative,
    case
        when not delivered.is_delivered then 'no data'
        when days.posts_judged = 0 then 'not judged'
        else 'measured'
    end as status,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join days on delivered.is_delivered
where
    delivered.feed = 'ref_feedback'
    and (days.posts is not null or not delivered.is_delivered)
