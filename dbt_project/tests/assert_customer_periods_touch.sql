{{ config(meta={'requirements': ['FEED-04']}) }}

-- One current version per customer, the one of dim_customer, which fills what it leaves open; each
-- period ends where the next begins.
with periods as (
    select
        *,
        lead(valid_from) over (partition by customer_id order by valid_from asc) as next_from
    from {{ ref('dim_customer_history') }}
)

select
    periods.customer_id,
    periods.valid_from,
    periods.valid_before,
    periods.next_from
from periods
left join {{ ref('dim_customer') }} as customers on periods.customer_id = customers.customer_id
where
    coalesce(periods.valid_before, cast('9999-12-31' as date))
    <> coalesce(periods.next_from, cast('9999-12-31' as date))
    or periods.valid_from >= periods.valid_before
    or (periods.is_current and periods.city <> coalesce(customers.city, ''))
