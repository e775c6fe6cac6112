{# The value below which `share` of the ordered values lie, interpolated. #}
{% macro quantile(value, share) -%}
{{ return(adapter.dispatch('quantile')(value, share)) }}
{%- endmacro %}

{% macro duckdb__quantile(value, share) -%}
quantile_cont({{ value }}, {{ share }})
{%- endmacro %}

{% macro spark__quantile(value, share) -%}
percentile({{ value }}, {{ share }})
{%- endmacro %}
