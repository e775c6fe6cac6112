-- A promotion is compared with as many days before it; it counts for customers whose home store of
-- the year lies in its region, or for all where it names none.
with promotions as (
    select
        promotions.fact_id,
        promotions.region,
        promotions.start_date,
        promotions.end_date,
        cast(extract(year from promotions.start_date) as integer) as calendar_year,
        {{ days_between('promotions.start_date', 'promotions.end_date') }} + 1 as days
    from {{ ref('int_programme__rival_promotions_listed') }} as promotions
    inner join {{ ref('int_build__context_stated') }} as context
        on promotions.end_date <= context.as_of
),

spans as (
    select
        *,
        {{ add_days('start_date', '-cast(days as integer)') }} as before_date
    from promotions
)

select
    spans.fact_id,
    spans.calendar_year,
    homes.customer_id,
    cast(
        sum(case when days.business_date < spans.start_date then days.net_spend else 0 end)
        as decimal(18, 2)
    ) as spend_before,
    cast(
        sum(case when days.business_date >= spans.start_date then days.net_spend else 0 end)
        as decimal(18, 2)
    ) as spend_during
from spans
inner join {{ ref('int_loyalty__home_stores_found') }} as homes
    on spans.calendar_year = homes.calendar_year
left join {{ ref('int_stores__details_stated') }} as stores on homes.store_id = stores.store_id
inner join {{ ref('int_sales__customer_days_summarised') }} as days
    on
        homes.customer_id = days.customer_id
        and spans.before_date <= days.business_date
        and spans.end_date >= days.business_date
where spans.region is null or spans.region = stores.region
group by spans.fact_id, spans.calendar_year, homes.customer_id
