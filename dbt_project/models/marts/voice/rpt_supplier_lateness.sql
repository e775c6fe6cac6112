-- Wishes that stayed open because something was out of stock are those of the store on the day.
with satisfaction as (
    select
        breakdown_value as store_id,
        period,
        csat_mean_100
    from {{ ref('mart_satisfaction') }}
    where period_type = 'year' and breakdown = 'store' and dimension = 'overall'
)

select
    late.record_id,
    late.partner_id,
    late.store_id,
    late.late_date,
    late.day_no,
    late.due_date,
    late.delivered_date,
    late.quality_score,
    cast(coalesce(stock_outs.wishes, 0) as integer) as out_of_stock_wishes,
    satisfaction.csat_mean_100 as store_csat_mean_100,
    context.as_of
from {{ ref('int_value__late_deliveries_found') }} as late
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_value__stock_outs_found') }} as stock_outs
    on late.store_id = stock_outs.store_id and late.late_date = stock_outs.wish_date
left join satisfaction
    on
        late.store_id = satisfaction.store_id
        and cast(extract(year from late.late_date) as string) = satisfaction.period
