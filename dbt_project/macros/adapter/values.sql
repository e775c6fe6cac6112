{# The value as `type`, null where it does not fit. #}
{% macro try_cast(value, type) -%}
    {{ return(adapter.dispatch('try_cast')(value, type)) }}
{%- endmacro %}

{% macro duckdb__try_cast(value, type) -%}
    try_cast({{ value }} as {{ type }})
{%- endmacro %}


{# The values of a group in one text, in a stated order. #}
{% macro text_list(value, separator, order_by) -%}
    {{ dbt.listagg(value, "'" ~ separator ~ "'", 'order by ' ~ order_by) }}
{%- endmacro %}


{# A hexadecimal hash of the value, 32 digits. #}
{% macro text_hash(value) -%}
    {{ dbt.hash(value) }}
{%- endmacro %}


{# Place of the first text in the second, from 1; 0 where it is not in it. #}
{% macro text_position(part, value) -%}
    {{ dbt.position(part, value) }}
{%- endmacro %}


{# Rows 1 to n, column generated_number. #}
{% macro numbers(n) -%}
    {{ dbt.generate_series(n) }}
{%- endmacro %}


{# The n-th part, from 1, of a text that `separator` divides. #}
{% macro text_part(value, separator, n) -%}
    {{ dbt.split_part(value, "'" ~ separator ~ "'", n) }}
{%- endmacro %}


{# The value with every match of a regular expression replaced. #}
{% macro replace_pattern(value, pattern, replacement) -%}
    {{ return(adapter.dispatch('replace_pattern')(value, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replace_pattern(value, pattern, replacement) -%}
    regexp_replace({{ value }}, '{{ pattern }}', '{{ replacement }}')
{%- endmacro %}

{% macro duckdb__replace_pattern(value, pattern, replacement) -%}
    regexp_replace({{ value }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}
