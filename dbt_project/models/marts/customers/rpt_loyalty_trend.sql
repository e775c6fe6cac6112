-- Level and slope are two findings: the index may be low and rising. The slope is that of the least
-- squares line through up to three years up to the year.
with years as (
    select
        year,
        count(loyalty_index) as customers,
        cast(sum(cast(loyalty_index as decimal(18, 6))) as double)
        / nullif(count(loyalty_index), 0) as loyalty_index,
        as_of
    from {{ ref('mart_loyalty_index') }}
    group by year, as_of
),

slopes as (
    select
        years.year,
        count(*) as years_compared,
        round(
            (
                count(*) * sum((earlier.year - years.year) * earlier.loyalty_index)
                - sum(earlier.year - years.year) * sum(earlier.loyalty_index)
            ) / nullif(
                count(*) * sum((earlier.year - years.year) * (earlier.year - years.year))
                - sum(earlier.year - years.year) * sum(earlier.year - years.year),
                0
            ),
            -- Three numbers added in any order.
            9
        ) as slope
    from years
    inner join years as earlier
        on earlier.year between years.year - 2 and years.year
    where earlier.loyalty_index is not null
    group by years.year
)

select
    years.year,
    cast(years.customers as integer) as customers,
    years.loyalty_index,
    cast(rules.target as double) as target,
    case
        when years.loyalty_index is null then 'no data'
        when years.loyalty_index < cast(rules.target as double) then 'below target'
        else 'on target'
    end as level_finding,
    slopes.slope as slope_per_year,
    cast(coalesce(slopes.years_compared, 0) as integer) as years_compared,
    case
        when slopes.slope is null then 'no data'
        when slopes.slope > 0 then 'rising'
        when slopes.slope < 0 then 'falling'
        else 'level'
    end as slope_finding,
    years.as_of
from years
cross join {{ ref('int_retention__rules_dated') }} as rules
left join slopes on years.year = slopes.year
