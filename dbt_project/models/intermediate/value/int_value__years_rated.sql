-- Every element in every year with answers, asked or not.
with answers as (
    select
        value_element,
        calendar_year,
        count(case when role = 'importance' then 1 end) as importance_n,
        cast(sum(case when role = 'importance' then score_100 end) as double)
        / nullif(count(case when role = 'importance' then 1 end), 0) as importance,
        count(case when role = 'performance' then 1 end) as performance_n,
        cast(sum(case when role = 'performance' then score_100 end) as double)
        / nullif(count(case when role = 'performance' then 1 end), 0) as performance
    from {{ ref('int_surveys__ratings_kept') }}
    where subject = 'own' and role in ('importance', 'performance')
    group by value_element, calendar_year
),

years as (
    select distinct calendar_year
    from {{ ref('int_surveys__waves_listed') }}
)

select
    elements.element,
    elements.element_class,
    elements.name_zh,
    elements.position_no,
    years.calendar_year,
    cast(coalesce(answers.importance_n, 0) as integer) as importance_n,
    cast(coalesce(answers.performance_n, 0) as integer) as performance_n,
    {{ large_cell('answers.importance', 'answers.importance_n', 'rules.anonymity_min_cell') }}
        as importance,
    {{ large_cell(
        'answers.performance', 'answers.performance_n', 'rules.anonymity_min_cell'
    ) }} as performance
from {{ ref('ref_value_elements') }} as elements
cross join years
cross join {{ ref('int_value__rules_dated') }} as rules
left join answers
    on
        elements.element = answers.value_element
        and years.calendar_year = answers.calendar_year
