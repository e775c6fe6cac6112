{% set epoch = "cast('1970-01-01' as date)" %}

-- What is said in public, of ourselves, by store and for the brand. Complaints and answers are
-- bad by their nature or asked for: they are watched elsewhere.
with posts as (
    select
        items.store_id,
        items.captured_date,
        scored.sentiment
    from {{ ref('int_feedback__items_gathered') }} as items
    cross join {{ ref('int_build__context_stated') }} as context
    inner join {{ ref('int_feedback__sentiments_scored') }} as scored
        on items.feedback_id = scored.feedback_id
    where
        scored.sentiment is not null
        and (items.platform is not null or items.sentiment is not null)
        and items.brand = 'own'
        and items.captured_date <= context.as_of
),

entities as (
    select
        'store' as entity_type,
        store_id as entity_id,
        captured_date,
        sentiment
    from posts
    where store_id is not null
    union all
    select
        'brand' as entity_type,
        'own' as entity_id,
        captured_date,
        sentiment
    from posts
),

days as (
    select
        entities.entity_type,
        entities.entity_id,
        entities.captured_date,
        {{ days_between(epoch, 'entities.captured_date') }} as day_no,
        count(*) as posts,
        sum(entities.sentiment) as sentiment_sum,
        count(case when entities.sentiment <= bad.value_number then 1 end) as negative_posts
    from entities
    left join {{ ref('int_parameters__periods_dated') }} as bad
        on
            bad.code = 'crisis_negative_sentiment'
            and entities.captured_date >= bad.valid_from
            and entities.captured_date < bad.valid_before
    group by entities.entity_type, entities.entity_id, entities.captured_date
),

windowed as (
    select
        days.entity_type,
        days.entity_id,
        days.captured_date,
        days.posts,
        days.sentiment_sum,
        days.negative_posts,
        span.value_number as window_days,
        least_posts.value_number as min_posts,
        floor.value_number as drop_below,
        sum(earlier.posts) as posts_in_window,
        sum(earlier.sentiment_sum) as sentiment_in_window
    from days
    {% for code, alias in [
        ('sentiment_window_days', 'span'),
        ('sentiment_min_posts', 'least_posts'),
        ('sentiment_drop_below', 'floor'),
    ] %}
    inner join {{ ref('int_parameters__periods_dated') }} as {{ alias }}
        on
            {{ alias }}.code = '{{ code }}'
            and days.captured_date >= {{ alias }}.valid_from
            and days.captured_date < {{ alias }}.valid_before
    {% endfor %}
    inner join days as earlier
        on
            days.entity_type = earlier.entity_type
            and days.entity_id = earlier.entity_id
            and days.day_no >= earlier.day_no
            and earlier.day_no > days.day_no - span.value_number
    group by
        days.entity_type,
        days.entity_id,
        days.captured_date,
        days.posts,
        days.sentiment_sum,
        days.negative_posts,
        span.value_number,
        least_posts.value_number,
        floor.value_number
)

select
    entity_type,
    entity_id,
    captured_date,
    cast(posts as integer) as posts,
    cast(sentiment_sum as double) / posts as sentiment_mean,
    cast(negative_posts as integer) as negative_posts,
    cast(window_days as integer) as window_days,
    cast(posts_in_window as integer) as posts_in_window,
    cast(sentiment_in_window as double) / posts_in_window as sentiment_window_mean,
    cast(min_posts as integer) as min_posts,
    cast(drop_below as double) as drop_below,
    case
        when posts_in_window >= min_posts
            then cast(sentiment_in_window as double) / posts_in_window < cast(drop_below as double)
    end as is_drop
from windowed
