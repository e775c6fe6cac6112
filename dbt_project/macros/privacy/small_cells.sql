{# Whether a figure rests on enough answers to be shown; without a number or a limit it is not. #}
{% macro is_large_cell(answers, min_cell) -%}
    coalesce({{ answers }} >= {{ min_cell }}, false)
{%- endmacro %}


{# A figure where it rests on enough answers, else null. #}
{% macro large_cell(value, answers, min_cell) -%}
    case when {{ is_large_cell(answers, min_cell) }} then {{ value }} end
{%- endmacro %}


{# The number of answers as text; of too few only that they are fewer than the limit. #}
{% macro answers_label(answers, min_cell) -%}
    case
        when {{ is_large_cell(answers, min_cell) }} then cast({{ answers }} as string)
        when {{ min_cell }} is not null then '<' || cast(cast({{ min_cell }} as integer) as string)
    end
{%- endmacro %}
