-- The days after which a feed is stale are those valid on the day of the delivery.
with deliveries as (
    select distinct
        feed,
        delivery_date
    from {{ ref('int_loads__files_settled') }}
    where status <> 'rejected'
)

select
    deliveries.feed,
    deliveries.delivery_date,
    lead(deliveries.delivery_date) over (
        partition by deliveries.feed
        order by deliveries.delivery_date asc
    ) as next_delivery_date,
    cast(patience.value_number as integer) as max_days
from deliveries
left join {{ ref('int_parameters__periods_dated') }} as patience
    on
        'stale_days_' || deliveries.feed = patience.code
        and deliveries.delivery_date >= patience.valid_from
        and deliveries.delivery_date < patience.valid_before
