-- Yes is an answer in the upper half of its scale. The year of the chain's sales stands there even
-- when nobody was asked.
with answers as (
    select
        calendar_year as year,
        count(*) as n,
        count(case when score_100 > 50 then 1 end) as says_yes
    from {{ ref('fct_survey_response') }}
    where question_code = 'AFTER_SALES_DECIDES' and score_100 is not null
    group by calendar_year
),

years as (
    select calendar_year as year
    from {{ ref('int_build__years_listed') }}
    union distinct
    select year
    from answers
)

select
    years.year,
    cast({{ large_cell('answers.n', 'answers.n', 'rules.anonymity_min_cell') }} as integer) as n,
    {{ large_cell(
        'cast(answers.says_yes as double) / answers.n', 'answers.n', 'rules.anonymity_min_cell'
    ) }} as yes_share,
    cast(benchmarks.low as double) as benchmark_share,
    case
        when answers.n is null then 'no data'
        when not {{ is_large_cell('answers.n', 'rules.anonymity_min_cell') }} then 'too few answers'
        else 'measured'
    end as status,
    rules.as_of
from years
cross join {{ ref('int_feedback__rules_dated') }} as rules
left join answers on years.year = answers.year
left join {{ ref('int_complaints__benchmarks_quoted') }} as benchmarks
    on benchmarks.code = 'comp_19_after_sales'
