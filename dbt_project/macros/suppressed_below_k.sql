{# The figure where at least k respondents stand behind it, else null: a small cell could name one
   of them (SAT-06). Where the model also protects small neighbours, `is_shown` says so. #}
{% macro suppressed_below_k(figure, respondents, k) -%}
    case when {{ respondents }} >= {{ k }} then {{ figure }} end
{%- endmacro %}


{# The number of respondents as text, '<k' where it is smaller than k. #}
{% macro label_below_k(respondents, k) -%}
    case
        when {{ respondents }} >= {{ k }} then cast({{ respondents }} as varchar)
        else '<' || cast(cast({{ k }} as integer) as varchar)
    end
{%- endmacro %}
