-- The case of the sources: coverage and retention as shares, satisfaction in points of 100.
select
    cast(max(case when quoted.code = 'mkt_09_coverage' then quoted.low end) as double)
        as coverage_wanted,
    cast(max(case when quoted.code = 'sat_02_csat' then quoted.low end) as double)
        as satisfaction_wanted,
    cast(max(case when quoted.code = 'mkt_09_retention' then quoted.low end) as double)
        as retention_wanted,
    max(new_days.value_number) as new_days,
    max(cells.value_number) as min_cell
from {{ ref('ref_benchmarks') }} as quoted
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as new_days
    on
        new_days.code = 'expansion_new_days'
        and context.as_of >= new_days.valid_from
        and context.as_of < new_days.valid_before
left join {{ ref('int_parameters__periods_dated') }} as cells
    on
        cells.code = 'anonymity_min_cell'
        and context.as_of >= cells.valid_from
        and context.as_of < cells.valid_before
