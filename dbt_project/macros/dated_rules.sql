{# One row: the numbers of `rules` that are in force at as_of, each named after its code without
   `prefix`; before them the columns of the context and the `texts` among the parameters. #}
{% macro dated_rules(
    rules, prefix='', context_columns=['as_of'], texts=[], number='rules.value_number'
) -%}
select
    {% for column in context_columns %}
    context.{{ column }},
    {% endfor %}
    {% for rule in texts %}
    max(case when rules.code = '{{ rule }}' then rules.value_text end) as {{ rule }},
    {% endfor %}
    {% for rule in rules %}
    max(case when rules.code = '{{ rule }}' then {{ number }} end)
        as {{ rule | replace(prefix, '') if prefix else rule }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as rules
    on context.as_of >= rules.valid_from and context.as_of < rules.valid_before
group by {% for column in context_columns %}context.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}
