-- Closes with the first later answer that comes near the one before the fall; a further fall opens
-- an alert of its own and takes the place of this one.
with drops as (
    select
        customer_id,
        answered_date,
        max(answer_no) as answer_no,
        max(previous_attitude) as previous_attitude,
        max(round(previous_attitude - attitude, 6)) as fall,
        max(drop_points) as drop_points
    from {{ ref('int_segments__attitudes_compared') }}
    where is_drop
    group by customer_id, answered_date
),

followed as (
    select
        drops.*,
        lead(drops.answered_date) over (
            partition by drops.customer_id
            order by drops.answered_date asc
        ) as next_drop_date
    from drops
),

healed as (
    select
        followed.customer_id,
        followed.answered_date,
        min(later.answered_date) as healed_date
    from followed
    inner join {{ ref('int_segments__attitudes_compared') }} as later
        on
            followed.customer_id = later.customer_id
            and followed.answer_no < later.answer_no
            and round(followed.previous_attitude - later.attitude, 6) < followed.drop_points
    group by followed.customer_id, followed.answered_date
)

select
    'ATTITUDE_DROP' as alert_code,
    'customer' as entity_type,
    followed.customer_id as entity_id,
    followed.answered_date as opened_date,
    case
        when healed.healed_date <= coalesce(followed.next_drop_date, healed.healed_date)
            then healed.healed_date
        else followed.next_drop_date
    end as closed_date,
    followed.fall as alert_value,
    followed.drop_points as threshold,
    case
        when healed.healed_date <= coalesce(followed.next_drop_date, healed.healed_date)
            then 'a later answer is near the one before'
        when followed.next_drop_date is not null then 'a further fall has its own alert'
    end as feedback
from followed
left join healed
    on
        followed.customer_id = healed.customer_id
        and followed.answered_date = healed.answered_date
