-- A stage covers the months at whose end it lasts. Who covers the same months in it is counted
-- before the months are told apart.
with months as (
    select month_start
    from {{ ref('int_build__months_listed') }}
    where is_closed
),

span as (
    select
        min(month_start) as first_month,
        max(month_start) as last_month
    from months
),

dated as (
    select
        history.customer_id,
        history.lifecycle,
        history.stage,
        greatest({{ month_of('history.valid_from') }}, span.first_month) as first_month,
        {{ month_of("coalesce(history.valid_before, cast('9999-12-31' as date))") }} as next_month,
        span.last_month
    from {{ ref('mart_lifecycle_history') }} as history
    cross join span
),

covering as (
    select
        lifecycle,
        stage,
        first_month,
        next_month,
        lag(stage) over (partition by customer_id, lifecycle order by first_month asc)
            as stage_before
    from dated
    where first_month < next_month and first_month <= last_month
),

grouped as (
    select
        lifecycle,
        coalesce(stage_before, 'new') as stage_before,
        stage,
        first_month,
        next_month,
        count(*) as customers
    from covering
    group by lifecycle, coalesce(stage_before, 'new'), stage, first_month, next_month
),

placed as (
    select
        months.month_start,
        grouped.lifecycle,
        case
            when months.month_start = grouped.first_month then grouped.stage_before
            else grouped.stage
        end as from_stage,
        grouped.stage as to_stage,
        grouped.customers
    from grouped
    inner join months
        on grouped.first_month <= months.month_start and grouped.next_month > months.month_start
),

counted as (
    select
        month_start,
        lifecycle,
        from_stage,
        to_stage,
        sum(customers) as customers
    from placed
    group by month_start, lifecycle, from_stage, to_stage
)

select
    counted.month_start,
    counted.lifecycle,
    counted.from_stage,
    counted.to_stage,
    cast(counted.customers as integer) as customers,
    cast(counted.customers as double) / cast(
        sum(counted.customers) over (
            partition by counted.month_start, counted.lifecycle, counted.from_stage
        ) as double
    ) as share_of_from,
    context.as_of
from counted
cross join {{ ref('int_build__context_stated') }} as context
