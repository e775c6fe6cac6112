{% set attitude = "cast(cast(round(attitude_mean_100, 1) as decimal(9, 1)) as string)" %}
{% set attitude_cut = "cast(cast(round(attitude_cut, 1) as decimal(9, 1)) as string)" %}
{% set repeat_rate = "cast(cast(round(100 * repeat_rate, 1) as decimal(9, 1)) as string)" %}
{% set repeat_cut = "cast(cast(round(100 * repeat_cut, 1) as decimal(9, 1)) as string)" %}

with changes as (
    select
        *,
        lag(quadrant) over (partition by product_series order by calendar_year asc)
            as quadrant_before,
        lag(calendar_year) over (partition by product_series order by calendar_year asc)
            as year_before
    from {{ ref('int_loyalty__series_placed') }}
)

select
    changes.product_series as series,
    changes.calendar_year as year,
    {{ large_cell(
        'changes.attitude_mean_100', 'changes.attitude_n', 'rules.anonymity_min_cell'
    ) }} as attitude,
    changes.repeat_rate,
    changes.attitude_cut,
    changes.repeat_cut,
    changes.attitude_level,
    changes.repeat_level,
    changes.quadrant,
    changes.quadrant_zh,
    changes.attitude_n,
    changes.buyers,
    cast(least(changes.attitude_n, changes.buyers) as integer) as n,
    case
        when changes.quadrant = 'insufficient'
            then
                'fewer than ' || cast(cast(rules.loyalty_min_n as integer) as string)
                || ' answers (' || cast(changes.attitude_n as string) || ') or buyers ('
                || cast(changes.buyers as string) || ')'
        else
            'attitude ' || {{ attitude }}
            || case changes.attitude_level when 'high' then ' is at or above ' else ' is below ' end
            || {{ attitude_cut }} || ' (' || cast(changes.attitude_n as string) || ' answers); '
            || {{ repeat_rate }} || ' % bought again, '
            || case changes.repeat_level when 'high' then 'at or above ' else 'below ' end
            || {{ repeat_cut }} || ' % (' || cast(changes.buyers as string) || ' buyers)'
    end as reason,
    changes.cause,
    changes.cure,
    changes.expected_quadrant,
    case
        when changes.quadrant <> 'insufficient' then changes.quadrant = changes.expected_quadrant
    end as is_as_expected,
    case
        when changes.year_before = changes.calendar_year - 1 then changes.quadrant_before
    end as quadrant_year_before,
    coverage.coverage_pct,
    rules.as_of
from changes
cross join {{ ref('int_loyalty__rules_dated') }} as rules
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on changes.calendar_year = coverage.calendar_year
