-- A customer's move between two years in a row; whoever was or is no buyer is ABSENT there, so that
-- the moves of a year add up to its buyers and to those of the year before.
with years as (
    select distinct calendar_year
    from {{ ref('int_loyalty__customers_placed') }}
),

moves as (
    select
        now.customer_id,
        now.product_series,
        now.calendar_year,
        coalesce(before.quadrant, 'ABSENT') as from_quadrant,
        now.quadrant as to_quadrant
    from {{ ref('int_loyalty__customers_placed') }} as now
    left join {{ ref('int_loyalty__customers_placed') }} as before
        on
            now.customer_id = before.customer_id
            and now.product_series = before.product_series
            and now.calendar_year = before.calendar_year + 1
    union all
    select
        before.customer_id,
        before.product_series,
        years.calendar_year,
        before.quadrant as from_quadrant,
        'ABSENT' as to_quadrant
    from {{ ref('int_loyalty__customers_placed') }} as before
    inner join years on before.calendar_year + 1 = years.calendar_year
    left join {{ ref('int_loyalty__customers_placed') }} as now
        on
            before.customer_id = now.customer_id
            and before.product_series = now.product_series
            and before.calendar_year + 1 = now.calendar_year
    where now.customer_id is null
)

select
    moves.product_series as series,
    moves.calendar_year as year,
    moves.from_quadrant,
    moves.to_quadrant,
    cast(count(*) as integer) as customers,
    max(coverage.coverage_pct) as coverage_pct,
    context.as_of
from moves
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on moves.calendar_year = coverage.calendar_year
group by
    moves.product_series,
    moves.calendar_year,
    moves.from_quadrant,
    moves.to_quadrant,
    context.as_of
