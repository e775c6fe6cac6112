{# A name that is a word of SQL besides. #}
{% macro quoted(name) -%}
{{ adapter.quote(name) }}
{%- endmacro %}


{# The value as `type`, null where it does not fit. #}
{% macro try_cast(value, type) -%}
    {{ return(adapter.dispatch('try_cast')(value, type)) }}
{%- endmacro %}

{% macro duckdb__try_cast(value, type) -%}
    try_cast({{ value }} as {{ type }})
{%- endmacro %}

{% macro spark__try_cast(value, type) -%}
    try_cast({{ value }} as {{ spark_type(type) }})
{%- endmacro %}


{# A double as a decimal with so many digits. A half is judged of the double that is multiplied, which
   is DuckDB's cast; Spark's judges the digits that it would print, and 132.325 is not quite that. #}
{% macro decimal_of(value, digits) -%}
    {{ return(adapter.dispatch('decimal_of')(value, digits)) }}
{%- endmacro %}

{% macro duckdb__decimal_of(value, digits) -%}
    cast({{ value }} as decimal(18, {{ digits }}))
{%- endmacro %}

{% macro spark__decimal_of(value, digits) -%}
    cast(round(({{ value }}) * 1e{{ digits }}) / 1e{{ digits }} as decimal(18, {{ digits }}))
{%- endmacro %}


{# The values of a group in one text, in a stated order. #}
{% macro text_list(value, separator, order_by) -%}
    {{ return(adapter.dispatch('text_list')(value, separator, order_by)) }}
{%- endmacro %}

{% macro default__text_list(value, separator, order_by) -%}
    {{ dbt.listagg(value, "'" ~ separator ~ "'", 'order by ' ~ order_by) }}
{%- endmacro %}

{# Spark has no order within an aggregate: pairs of keys and text are sorted by the keys. Null where
   there is no text, as listagg says. #}
{% macro spark__text_list(value, separator, order_by) -%}
    nullif(
        array_join(
            transform(
                array_sort(
                    collect_list(struct({{ order_by | replace(' asc', '') }}, {{ value }} as listed))
                        filter (where {{ value }} is not null)
                ),
                pair -> pair.listed
            ),
            '{{ separator }}'
        ), ''
    )
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
    split_part({{ value }}, '{{ separator }}', {{ n }})
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


{# A join of every row with each value of its list, as a table `name` with one column. #}
{% macro each_value(list, name, column) -%}
    {{ return(adapter.dispatch('each_value')(list, name, column)) }}
{%- endmacro %}

{% macro duckdb__each_value(list, name, column) -%}
    cross join unnest({{ list }}) as {{ name }} ({{ column }})
{%- endmacro %}

{% macro spark__each_value(list, name, column) -%}
    lateral view explode({{ list }}) {{ name }} as {{ column }}
{%- endmacro %}


{# The different values of a group as a list, in their order. #}
{% macro value_list(value) -%}
    {{ return(adapter.dispatch('value_list')(value)) }}
{%- endmacro %}

{% macro duckdb__value_list(value) -%}
    array_agg(distinct {{ value }} order by {{ value }})
{%- endmacro %}

{% macro spark__value_list(value) -%}
    array_sort(collect_set({{ value }}))
{%- endmacro %}

{# What dbt.generate_series is on Spark: dbt's own adds powers of two, which are fractions there. #}
{% macro spark__generate_series(upper_bound) -%}
    select id as generated_number from range(1, {{ upper_bound }} + 1)
{%- endmacro %}
