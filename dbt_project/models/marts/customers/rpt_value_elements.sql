-- Sheet 感知价值: what customers hold important, and how they find us, on each element and year.
with scored as (
    select
        coalesce(value_element, dimension) as element,
        calendar_year,
        sum(case when dimension = 'importance' then score_100 else 0 end) as importance_sum,
        count(case when dimension = 'importance' then score_100 end) as importance_answers,
        sum(case when dimension <> 'importance' then score_100 else 0 end) as performance_sum,
        count(case when dimension <> 'importance' then score_100 end) as performance_answers
    from {{ ref('int_surveys__identities_removed') }}
    where
        subject = 'own'
        and dimension in ('importance', 'performance', 'product', 'service', 'price', 'marketing')
    group by coalesce(value_element, dimension), calendar_year
)

select
    scored.element,
    scored.calendar_year as year,
    case
        when scored.importance_answers >= limits.value_number
            then cast(scored.importance_sum as double) / scored.importance_answers
    end as importance_100,
    case
        when scored.importance_answers = 0 or scored.importance_answers >= limits.value_number
            then cast(scored.importance_answers as integer)
    end as importance_answers,
    case
        when scored.performance_answers >= limits.value_number
            then cast(scored.performance_sum as double) / scored.performance_answers
    end as performance_100,
    case
        when scored.performance_answers = 0 or scored.performance_answers >= limits.value_number
            then cast(scored.performance_answers as integer)
    end as performance_answers,
    context.as_of
from scored
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_parameters__periods_dated') }} as limits
    on
        limits.code = 'anonymity_min_cell'
        and context.as_of >= limits.valid_from
        and context.as_of < limits.valid_before
