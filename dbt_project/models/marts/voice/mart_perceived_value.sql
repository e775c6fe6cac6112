select
    rated.element,
    rated.element_class,
    rated.name_zh as element_zh,
    rated.calendar_year as year,
    rated.importance,
    rated.performance,
    rated.importance - rated.performance as gap,
    rated.importance_n,
    rated.performance_n,
    case
        when rated.importance is null or rated.performance is null then 'no data'
        when rated.importance_n < rules.value_min_n or rated.performance_n < rules.value_min_n
            then 'insufficient'
        when rated.importance >= rules.value_importance_cut
            then
                case
                    when rated.performance < rules.value_performance_cut then 'concentrate'
                    else 'keep up'
                end
        when rated.performance < rules.value_performance_cut then 'low priority'
        else 'possible overkill'
    end as cell,
    rated.importance - before.importance as importance_change,
    rated.performance - before.performance as performance_change,
    rules.as_of
from {{ ref('int_value__years_rated') }} as rated
cross join {{ ref('int_value__rules_dated') }} as rules
left join {{ ref('int_value__years_rated') }} as before
    on rated.element = before.element and rated.calendar_year = before.calendar_year + 1
