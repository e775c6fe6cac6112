-- Takeaway is what leaves the store: takeaway, and all that a delivery platform sells.
with sold as (
    select
        store_id,
        cast(extract(year from month_start) as integer) as calendar_year,
        sum(net_sales) as net_sales,
        sum(case when channel = 'takeaway' or channel_class = 'delivery' then net_sales end)
            as takeaway_sales,
        sum(case when channel_class = 'delivery' then net_sales end) as platform_sales
    from {{ ref('int_sales__product_months_summarised') }}
    group by store_id, extract(year from month_start)
)

select
    sold.store_id,
    sold.calendar_year as year,
    stores.offers_takeaway,
    cast(sold.net_sales as decimal(18, 2)) as net_sales,
    cast(coalesce(sold.takeaway_sales, 0) as decimal(18, 2)) as takeaway_sales,
    case
        when sold.net_sales > 0
            then
                cast(coalesce(sold.takeaway_sales, 0) as double)
                / nullif(cast(sold.net_sales as double), 0)
    end as takeaway_share,
    case
        when sold.net_sales > 0
            then
                cast(coalesce(sold.platform_sales, 0) as double)
                / nullif(cast(sold.net_sales as double), 0)
    end as platform_share,
    case
        when stores.offers_takeaway then 'offers takeaway'
        when not stores.offers_takeaway then 'no takeaway'
        else 'no data'
    end as takeaway_status,
    case
        when not stores.offers_takeaway and sold.takeaway_sales > 0
            then 'sells takeaway that it is said not to offer'
    end as dq_warning,
    tracks.second_track_date,
    tracks.growth as growth_after_joining,
    tracks.comparison_growth,
    tracks.growth - tracks.comparison_growth as uplift,
    tracks.status as uplift_status,
    context.chain_currency as currency,
    context.as_of
from sold
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_stores__details_stated') }} as stores on sold.store_id = stores.store_id
left join {{ ref('int_channels__tracks_compared') }} as tracks
    on tracks.unit_kind = 'store' and sold.store_id = tracks.unit
