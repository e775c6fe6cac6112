{{ config(meta={'requirements': ['LIFE-05']}) }}

-- Each spell ends on the day on which the next begins, and the last one lasts.
select
    customer_id,
    lifecycle,
    valid_from,
    valid_before,
    next_from
from (
    select
        customer_id,
        lifecycle,
        valid_from,
        valid_before,
        lead(valid_from) over (partition by customer_id, lifecycle order by valid_from asc)
            as next_from
    from {{ ref('mart_lifecycle_history') }}
) as spells
where
    coalesce(valid_before, cast('9999-12-31' as date))
    <> coalesce(next_from, cast('9999-12-31' as date))
    or valid_before <= valid_from
