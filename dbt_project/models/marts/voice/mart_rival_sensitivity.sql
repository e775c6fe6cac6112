-- A customer is shown by his quadrant in the series that he paid most for in the year.
with favourites as (
    select
        customer_id,
        calendar_year,
        quadrant,
        row_number() over (
            partition by customer_id, calendar_year
            order by net_spend desc nulls last, product_series asc
        ) as place
    from {{ ref('int_loyalty__customers_placed') }}
)

select
    weeks.fact_id,
    weeks.calendar_year as year,
    coalesce(favourites.quadrant, 'no purchase') as quadrant,
    cast(count(*) as integer) as customers,
    cast(sum(weeks.spend_before) as decimal(18, 2)) as spend_before,
    cast(sum(weeks.spend_during) as decimal(18, 2)) as spend_during,
    cast(sum(weeks.spend_during) - sum(weeks.spend_before) as double)
    / nullif(cast(sum(weeks.spend_before) as double), 0) as rival_sensitivity,
    max(coverage.coverage_pct) as coverage_pct,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_programme__rival_weeks_compared') }} as weeks
cross join {{ ref('int_build__context_stated') }} as context
left join favourites
    on
        weeks.customer_id = favourites.customer_id
        and weeks.calendar_year = favourites.calendar_year
        and favourites.place = 1
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on weeks.calendar_year = coverage.calendar_year
group by
    weeks.fact_id,
    weeks.calendar_year,
    coalesce(favourites.quadrant, 'no purchase'),
    context.chain_currency,
    context.as_of
