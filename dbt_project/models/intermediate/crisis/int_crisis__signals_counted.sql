-- Signs of one store on one day; of the brand where no store is named. Severe complaints of one
-- type stand against the limit, not those of all types together.
with signs as (
    select
        store_id,
        received_date as signal_date,
        sum(complaints) as complaints,
        max(severe_complaints) as severe_of_one_type,
        0 as urgent_texts,
        0 as negative_posts
    from {{ ref('int_complaints__days_counted') }}
    group by store_id, received_date
    union all
    select
        coalesce(items.store_id, 'own') as store_id,
        items.known_date as signal_date,
        0 as complaints,
        0 as severe_of_one_type,
        count(*) as urgent_texts,
        0 as negative_posts
    from {{ ref('int_feedback__items_gathered') }} as items
    inner join {{ ref('int_feedback__labels_found') }} as labels
        on
            items.feedback_id = labels.feedback_id
            and items.known_date >= labels.labelled_from
            and items.known_date < labels.labelled_before
    where labels.urgent_label is not null and not items.is_anonymous
    group by coalesce(items.store_id, 'own'), items.known_date
    union all
    select
        entity_id as store_id,
        captured_date as signal_date,
        0 as complaints,
        0 as severe_of_one_type,
        0 as urgent_texts,
        negative_posts
    from {{ ref('int_feedback__sentiments_averaged') }}
),

days as (
    select
        store_id,
        signal_date,
        sum(complaints) as complaints,
        max(severe_of_one_type) as severe_of_one_type,
        sum(urgent_texts) as urgent_texts,
        sum(negative_posts) as negative_posts
    from signs
    group by store_id, signal_date
    having
        max(severe_of_one_type) > 0 or sum(urgent_texts) > 0 or sum(negative_posts) > 0
),

dated as (
    select
        days.*,
        watch_from.value_number as watch_from,
        crisis_from.value_number as crisis_from,
        urgent_from.value_number as urgent_from,
        media_from.value_number as media_from,
        limits_from.value_number as limits_from,
        case when days.severe_of_one_type >= watch_from.value_number then 1 else 0 end
        + case when days.urgent_texts >= urgent_from.value_number then 1 else 0 end
        + case when days.negative_posts >= media_from.value_number then 1 else 0 end
            as limits_reached
    from days
    {% for code, alias in [
        ('crisis_watch_min_complaints', 'watch_from'),
        ('crisis_min_complaints', 'crisis_from'),
        ('crisis_min_urgent_texts', 'urgent_from'),
        ('crisis_min_negative_posts', 'media_from'),
        ('crisis_min_limits', 'limits_from'),
    ] %}
    inner join {{ ref('int_parameters__periods_dated') }} as {{ alias }}
        on
            {{ alias }}.code = '{{ code }}'
            and days.signal_date >= {{ alias }}.valid_from
            and days.signal_date < {{ alias }}.valid_before
    {% endfor %}
)

select
    dated.store_id,
    dated.signal_date,
    cast(dated.complaints as integer) as complaints,
    cast(dated.severe_of_one_type as integer) as severe_of_one_type,
    cast(dated.urgent_texts as integer) as urgent_texts,
    cast(dated.negative_posts as integer) as negative_posts,
    coalesce(compared.is_spike, false) as is_spike,
    cast(dated.limits_reached as integer) as limits_reached,
    case
        when
            dated.limits_reached >= dated.limits_from
            or dated.severe_of_one_type >= dated.crisis_from
            then 'crisis'
        when dated.limits_reached >= 1 then 'watch'
        else 'none'
    end as crisis_level,
    case
        when dated.severe_of_one_type >= dated.crisis_from then 'severe complaints of one type'
        when dated.limits_reached >= dated.limits_from then 'several signs at once'
        when dated.severe_of_one_type >= dated.watch_from then 'severe complaints of one type'
        when dated.urgent_texts >= dated.urgent_from then 'urgent texts'
        when dated.negative_posts >= dated.media_from then 'negative posts'
    end as sign,
    cast(
        case
            when dated.severe_of_one_type >= dated.crisis_from then dated.severe_of_one_type
            when dated.limits_reached >= dated.limits_from then dated.limits_reached
            when dated.severe_of_one_type >= dated.watch_from then dated.severe_of_one_type
            when dated.urgent_texts >= dated.urgent_from then dated.urgent_texts
            else dated.negative_posts
        end as double
    ) as sign_value,
    cast(
        case
            when dated.severe_of_one_type >= dated.crisis_from then dated.crisis_from
            when dated.limits_reached >= dated.limits_from then dated.limits_from
            when dated.severe_of_one_type >= dated.watch_from then dated.watch_from
            when dated.urgent_texts >= dated.urgent_from then dated.urgent_from
            else dated.media_from
        end as double
    ) as sign_limit
from dated
left join {{ ref('int_complaints__days_compared') }} as compared
    on
        dated.store_id = compared.store_id
        and dated.signal_date = compared.received_date
