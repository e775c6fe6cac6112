-- A store has a history from its opening or the first complaint of the chain, whichever is later:
-- before that nobody wrote complaints down.
with begun as (
    select min(received_date) as first_date
    from {{ ref('int_complaints__days_counted') }}
)

select
    stores.store_id,
    greatest(
        coalesce(details.opened_date, begun.first_date), begun.first_date
    ) as watched_from_date,
    least(coalesce(details.closed_date, context.as_of), context.as_of) as watched_to_date
from (
    select store_id
    from {{ ref('int_stores__details_stated') }}
    union distinct
    select store_id
    from {{ ref('int_complaints__days_counted') }}
) as stores
cross join begun
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_stores__details_stated') }} as details on stores.store_id = details.store_id
where
    greatest(coalesce(details.opened_date, begun.first_date), begun.first_date)
    <= least(coalesce(details.closed_date, context.as_of), context.as_of)
