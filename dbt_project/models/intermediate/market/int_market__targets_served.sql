-- Wanted is what the newest figures up to the end of a period mark; served where a store was open
-- on its last day.
with marked as (
    select
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        market.region,
        market.is_target,
        row_number() over (
            partition by periods.period_kind, periods.period_start, market.region
            order by
                market.period desc, market.published_date desc,
                market.source_name asc, market.product_line asc, market.topic asc,
                market.period_kind asc
        ) as place
    from {{ ref('int_retention__periods_listed') }} as periods
    inner join {{ ref('int_market__sources_ranked') }} as market
        on periods.period_end >= market.period
    where market.region <> 'all' and market.is_target is not null and market.source_place = 1
)

select
    marked.period_kind,
    marked.period_start,
    marked.region,
    max(case when stores.store_id is not null then 1 else 0 end) as is_served
from marked
left join {{ ref('int_stores__details_stated') }} as stores
    on
        (marked.region = stores.region or marked.region = stores.city)
        and marked.period_end >= stores.opened_date
        and coalesce(marked.period_end < stores.closed_date, true)
where marked.place = 1 and marked.is_target
group by marked.period_kind, marked.period_start, marked.region
