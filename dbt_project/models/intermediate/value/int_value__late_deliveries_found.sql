-- A delivery that has not come by as_of is late on every day up to it.
with late as (
    select
        deliveries.record_id,
        deliveries.partner_id,
        deliveries.store_id,
        deliveries.due_date,
        deliveries.delivered_date,
        deliveries.quality_score,
        {{ days_between(
            'deliveries.due_date', 'coalesce(deliveries.delivered_date, context.as_of)'
        ) }} as days_late
    from {{ ref('stg_reference__partners') }} as deliveries
    cross join {{ ref('int_build__context_stated') }} as context
    where deliveries.record_kind = 'delivery' and deliveries.due_date <= context.as_of
),

counted as (
    select cast(generated_number as integer) as day_no
    from ({{ numbers(366) }}) as days
)

select
    late.record_id,
    late.partner_id,
    late.store_id,
    late.due_date,
    late.delivered_date,
    late.quality_score,
    late.days_late,
    counted.day_no,
    {{ add_days('late.due_date', 'counted.day_no') }} as late_date
from late
inner join counted on late.days_late >= counted.day_no
