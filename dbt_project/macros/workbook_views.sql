{# The sheets of the workbook as views with Chinese labels, and customers_YYYY and query_YYYY for
   every year of the data. Views of years that the data no longer has are dropped. #}
{% macro workbook_views() -%}
    {{ return(adapter.dispatch('workbook_views')()) }}
{%- endmacro %}

{# People open the workbook in the published DuckDB file; the catalog of Spark holds tables alone. #}
{% macro spark__workbook_views() -%}
{%- endmacro %}

{% macro duckdb__workbook_views() -%}
    {%- if execute -%}
    {%- set years = run_query(
        'select calendar_year from ' ~ ref('int_build__years_listed') ~ ' order by 1'
    ).columns[0].values() | map('int') | list -%}
    {%- set labels = run_query(
        'select column_name, label_zh from ' ~ ref('int_workbook__labels_listed')
    ).rows -%}
    {%- set label_of = {} -%}
    {%- for label in labels %}{% do label_of.update({label[0]: label[1]}) %}{% endfor -%}

    {%- set views = [] -%}
    {%- for year in years -%}
        {%- do views.append(
            ('customers_' ~ year, '客户' ~ year ~ '年', 'mart_customer_year', 'year = ' ~ year,
             'customer_id')
        ) -%}
        {%- do views.append(
            ('query_' ~ year, '查询' ~ year ~ '年', 'rpt_customer_query', 'year = ' ~ year,
             'spend_rank')
        ) -%}
    {%- endfor -%}
    {%- set sheets = run_query(
        'select object_name, sheet_zh, mart, tier, window_from_year from '
        ~ ref('int_workbook__sheets_named') ~ ' where sheet_year is null order by sheet_no'
    ).rows -%}
    {%- for name, label, mart, tier, from_year in sheets -%}
        {%- set rows = "tier = '" ~ tier ~ "'" if tier
            else 'year_3 is not null' if mart == 'rpt_loyalty_comparison'
            else 'year >= ' ~ (from_year | int) -%}
        {%- set order = 'year, spend_rank' if tier else '1, 2' -%}
        {%- do views.append((name, label, mart, rows, order)) -%}
    {%- endfor -%}

    {%- set wanted = views | map(attribute=0) | list -%}
    {%- set found = run_query(
        "select table_name from information_schema.tables where table_schema = '" ~ this.schema
        ~ "' and table_type = 'VIEW'"
    ).columns[0].values() -%}
    {%- for name in found if name not in wanted and (
        modules.re.fullmatch('(customers|query)_[0-9]{4}', name)
    ) %}
        drop view {{ this.schema }}.{{ name }};
    {%- endfor -%}

    {%- for name, label, mart, rows, order in views %}
        create or replace view {{ this.schema }}.{{ name }} as
        select * from {{ this.schema }}.{{ mart }} where {{ rows }} order by {{ order }};
        {{ comment_on_view(this.schema ~ '.' ~ name, label) }}
        {%- for column in adapter.get_columns_in_relation(
            api.Relation.create(database=this.database, schema=this.schema, identifier=mart)
        ) if column.name in label_of %}
        {{ comment_on_view_column(this.schema ~ '.' ~ name, column.name, label_of[column.name]) }}
        {%- endfor -%}
    {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
