-- Three calendar years side by side, the last one that of as_of.
with years as (
    select
        placed.product_series,
        cast(extract(year from context.as_of) as integer) - placed.calendar_year as years_ago,
        placed.quadrant,
        placed.attitude_mean_100,
        placed.repeat_rate,
        placed.attitude_n,
        placed.buyers,
        context.as_of
    from {{ ref('int_loyalty__series_placed') }} as placed
    cross join {{ ref('int_build__context_stated') }} as context
    where placed.calendar_year > extract(year from context.as_of) - 3
)

select
    product_series as series,
    cast(extract(year from as_of) as integer) as year,
    {% for years_ago, name in [(2, '2_years_before'), (1, '1_year_before'), (0, 'now')] %}
    max(case when years_ago = {{ years_ago }} then quadrant end) as quadrant_{{ name }},
    max(case when years_ago = {{ years_ago }} then attitude_mean_100 end) as attitude_{{ name }},
    max(case when years_ago = {{ years_ago }} then repeat_rate end) as repeat_rate_{{ name }},
    cast(max(case when years_ago = {{ years_ago }} then least(attitude_n, buyers) end) as integer)
        as n_{{ name }},
    {% endfor %}
    cast(count(distinct quadrant) > 1 as boolean) as has_moved,
    as_of
from years
group by product_series, as_of
