{# A comment on a view, and on one of its columns; only DuckDB's warehouse has views for people. #}
{% macro comment_on_view(view, comment) -%}
    comment on view {{ view }} is '{{ comment }}';
{%- endmacro %}

{% macro comment_on_view_column(view, column, comment) -%}
    comment on column {{ view }}.{{ column }} is '{{ comment }}';
{%- endmacro %}
