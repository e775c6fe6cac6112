with dimensions as (
    select
        gaps.calendar_year,
        gaps.dimension,
        count(distinct gaps.respondent) as respondents,
        cast(sum(cast(gaps.expectation_100 as decimal(18, 6))) as double) / count(*)
            as expectation_mean_100,
        cast(sum(cast(gaps.experience_100 as decimal(18, 6))) as double) / count(*)
            as experience_mean_100
    from {{ ref('int_value__expectations_compared') }} as gaps
    group by gaps.calendar_year, gaps.dimension
)

select
    dimensions.calendar_year as year,
    dimensions.dimension,
    {{ answers_label('dimensions.respondents', 'rules.anonymity_min_cell') }} as n_label,
    {{ large_cell(
        'dimensions.expectation_mean_100', 'dimensions.respondents', 'rules.anonymity_min_cell'
    ) }} as expectation_mean_100,
    {{ large_cell(
        'dimensions.experience_mean_100', 'dimensions.respondents', 'rules.anonymity_min_cell'
    ) }} as experience_mean_100,
    {{ large_cell(
        'dimensions.expectation_mean_100 - dimensions.experience_mean_100',
        'dimensions.respondents', 'rules.anonymity_min_cell'
    ) }} as expectation_gap,
    rules.as_of
from dimensions
cross join {{ ref('int_value__rules_dated') }} as rules
