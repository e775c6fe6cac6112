with asked as (
    select
        wave_id,
        value_element,
        count(case when role = 'importance' then 1 end) as importance_n,
        count(case when role = 'performance' then 1 end) as performance_n
    from {{ ref('int_surveys__ratings_kept') }}
    where subject = 'own'
    group by wave_id, value_element
)

select
    waves.wave_id,
    elements.element,
    elements.element_class,
    coalesce(asked.importance_n, 0) > 0 as has_importance,
    coalesce(asked.performance_n, 0) > 0 as has_performance,
    case
        when asked.importance_n > 0 and asked.performance_n > 0 then 'covered'
        when asked.importance_n > 0 then 'performance is missing'
        when asked.performance_n > 0 then 'importance is missing'
        else 'both are missing'
    end as status,
    context.as_of
from {{ ref('int_surveys__waves_listed') }} as waves
cross join {{ ref('int_value__elements_listed') }} as elements
cross join {{ ref('int_build__context_stated') }} as context
left join asked
    on waves.wave_id = asked.wave_id and elements.element = asked.value_element
