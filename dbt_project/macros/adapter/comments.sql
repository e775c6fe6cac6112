{# A comment on a view, and on one of its columns. #}
{% macro comment_on_view(view, comment) -%}
    {{ return(adapter.dispatch('comment_on_view')(view, comment)) }}
{%- endmacro %}

{% macro duckdb__comment_on_view(view, comment) -%}
    comment on view {{ view }} is '{{ comment }}';
{%- endmacro %}


{% macro comment_on_view_column(view, column, comment) -%}
    {{ return(adapter.dispatch('comment_on_view_column')(view, column, comment)) }}
{%- endmacro %}

{% macro duckdb__comment_on_view_column(view, column, comment) -%}
    comment on column {{ view }}.{{ column }} is '{{ comment }}';
{%- endmacro %}
