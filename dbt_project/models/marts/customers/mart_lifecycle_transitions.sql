with placed as (
    select
        history.customer_id,
        history.lifecycle,
        history.stage,
        months.month_start,
        lag(history.stage) over (
            partition by history.customer_id, history.lifecycle
            order by months.month_start asc
        ) as stage_before
    from {{ ref('mart_lifecycle_history') }} as history
    inner join {{ ref('int_build__months_listed') }} as months
        on
            history.valid_from <= months.month_end
            and months.month_end < coalesce(history.valid_before, cast('9999-12-31' as date))
    where months.is_closed
)

select
    placed.month_start,
    placed.lifecycle,
    coalesce(placed.stage_before, 'new') as from_stage,
    placed.stage as to_stage,
    cast(count(*) as integer) as customers,
    cast(count(*) as double) / cast(
        sum(count(*)) over (
            partition by placed.month_start, placed.lifecycle, coalesce(placed.stage_before, 'new')
        ) as double
    ) as share_of_from,
    context.as_of
from placed
cross join {{ ref('int_build__context_stated') }} as context
group by
    placed.month_start,
    placed.lifecycle,
    coalesce(placed.stage_before, 'new'),
    placed.stage,
    context.as_of
