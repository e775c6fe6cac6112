-- Opens where a key customer has no owner and closes with the next one, or when no longer key.
-- Where no staff register was ever delivered nothing can be said.
with starts as (
    select
        customer_id,
        key_from as gap_from,
        key_from,
        key_before
    from {{ ref('int_tiers__key_periods_dated') }}
    union
    select
        periods.customer_id,
        owners.before_date as gap_from,
        periods.key_from,
        periods.key_before
    from {{ ref('int_tiers__key_periods_dated') }} as periods
    inner join {{ ref('int_tiers__key_owners_assigned') }} as owners
        on
            periods.customer_id = owners.customer_id
            and periods.key_from < owners.before_date
            and periods.key_before > owners.before_date
),

gaps as (
    select
        starts.customer_id,
        starts.gap_from,
        starts.key_before,
        min(later.from_date) as next_from
    from starts
    left join {{ ref('int_tiers__key_owners_assigned') }} as held
        on
            starts.customer_id = held.customer_id
            and starts.gap_from >= held.from_date
            and coalesce(starts.gap_from < held.before_date, true)
    left join {{ ref('int_tiers__key_owners_assigned') }} as later
        on
            starts.customer_id = later.customer_id
            and starts.gap_from < later.from_date
            and coalesce(later.before_date > later.from_date, true)
    where held.customer_id is null
    group by starts.customer_id, starts.gap_from, starts.key_before
),

dated as (
    select
        gaps.customer_id,
        gaps.gap_from,
        least(coalesce(gaps.next_from, gaps.key_before), gaps.key_before) as gap_before,
        gaps.next_from < gaps.key_before as is_owned_again,
        context.as_of
    from gaps
    cross join {{ ref('int_build__context_stated') }} as context
    where
        gaps.gap_from <= context.as_of
        and exists (select 1 from {{ ref('int_tiers__key_owners_assigned') }})
)

select
    'KEY_UNOWNED' as alert_code,
    'customer' as entity_type,
    customer_id as entity_id,
    gap_from as opened_date,
    case when gap_before <= as_of then gap_before end as closed_date,
    cast({{ days_between('gap_from', 'least(gap_before, as_of)') }} as double) as alert_value,
    cast(0 as double) as threshold,
    case
        when gap_before > as_of then null
        when is_owned_again then 'an owner was assigned'
        else 'no longer a key customer'
    end as feedback
from dated
