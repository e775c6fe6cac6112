with customers as (
    select
        'customer' as entity_type,
        compared.customer_id as entity_id,
        compared.wave_id,
        compared.answered_date,
        1 as n,
        compared.attitude,
        compared.previous_wave_id,
        compared.previous_attitude,
        compared.delta,
        compared.is_drop
    from {{ ref('int_segments__attitudes_compared') }} as compared
),

waves as (
    select
        segments.method,
        segments.segment,
        compared.wave_id,
        max(compared.answered_date) as answered_date,
        count(*) as n,
        sum(compared.attitude) / count(*) as attitude
    from {{ ref('int_segments__attitudes_compared') }} as compared
    inner join {{ ref('mart_segment') }} as segments
        on compared.customer_id = segments.customer_id
    group by segments.method, segments.segment, compared.wave_id
),

-- A segment is compared with the last wave in which enough of it answered.
shown as (
    select waves.*
    from waves
    inner join {{ ref('int_segments__rules_dated') }} as rules
        on {{ is_large_cell('waves.n', 'rules.anonymity_min_cell') }}
),

followed as (
    select
        shown.*,
        lag(shown.wave_id) over (
            partition by shown.method, shown.segment
            order by shown.answered_date asc, shown.wave_id asc
        ) as previous_wave_id,
        lag(shown.attitude) over (
            partition by shown.method, shown.segment
            order by shown.answered_date asc, shown.wave_id asc
        ) as previous_attitude
    from shown
),

all_changes as (
    select
        entity_type,
        entity_id,
        wave_id,
        answered_date,
        n,
        attitude,
        previous_wave_id,
        previous_attitude,
        delta,
        is_drop
    from customers
    union all
    select
        'segment' as entity_type,
        followed.method || '/' || followed.segment as entity_id,
        followed.wave_id,
        followed.answered_date,
        followed.n,
        followed.attitude,
        followed.previous_wave_id,
        followed.previous_attitude,
        followed.attitude - followed.previous_attitude as delta,
        coalesce(
            round(followed.previous_attitude - followed.attitude, 6)
            >= cast(rules.attitude_drop_points as double),
            false
        ) as is_drop
    from followed
    cross join {{ ref('int_segments__rules_dated') }} as rules
)

select
    changes.entity_type,
    changes.entity_id,
    changes.wave_id,
    changes.answered_date,
    cast(changes.n as integer) as n,
    round(changes.attitude, 6) as attitude_mean_100,
    changes.previous_wave_id,
    round(changes.previous_attitude, 6) as previous_attitude_mean_100,
    round(changes.delta, 6) as delta,
    changes.is_drop,
    context.as_of
from all_changes as changes
cross join {{ ref('int_build__context_stated') }} as context
