{# A type as Spark names it: a text there has a length or is a string. #}
{% macro spark_type(type) -%}
    {{- 'string' if type | lower | trim in ('varchar', 'text') else type -}}
{%- endmacro %}


{# Views are tables on Spark too: its catalog of Iceberg tables has no views, one that is stale would
   give an empty build that looks well, and each reader would compute it anew. #}
{% materialization view, adapter='spark' %}
    {{ return(spark_table_made(this.incorporate(type='table'))) }}
{% endmaterialization %}

{# dbt runs Python where the materialization itself asks for it, in no macro of its own. #}
{% materialization table, adapter='spark', supported_languages=['sql', 'python'] %}
    {%- set target = this.incorporate(type='table') -%}
    {%- if model['language'] == 'sql' -%} {{ return(spark_table_made(target)) }} {%- endif -%}
    {% call statement('main', language='python') -%}
        {{ spark_python_model(compiled_code, target) }}
    {%- endcall %}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{# What DuckDB folds into a table from night to night is made anew. #}
{% materialization incremental, adapter='spark', supported_languages=['sql', 'python'] %}
    {%- set target = this.incorporate(type='table') -%}
    {%- if model['language'] == 'sql' -%} {{ return(spark_table_made(target)) }} {%- endif -%}
    {% call statement('main', language='python') -%}
        {{ spark_python_model(compiled_code, target) }}
    {%- endcall %}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{# A table made anew. A contract is kept by Spark's rules of assignment: a column that is missing, or
   whose type loses something in the one that the contract names, fails. #}
{% macro spark_table_made(target) %}
    {{ run_hooks(pre_hooks) }}
    {%- if config.get('contract').enforced -%}
        {% call statement('declared') -%}
            create or replace table {{ target }} (
                {%- for name, column in model.columns.items() %}
                {{ name }} {{ spark_type(column.data_type) }}
                comment {{ spark_text(column.description | trim) }}
                {{- ',' if not loop.last }}
                {%- endfor %}
            ) using iceberg comment {{ spark_text(model.description | trim) }}
        {%- endcall %}
        {% call statement('main') -%}
            insert into {{ target }}
            select {{ model.columns | join(', ') }} from ({{ compiled_code }}) as model_rows
        {%- endcall %}
    {%- else -%}
        {% call statement('main') -%}
            create or replace table {{ target }} using iceberg as
            {{ compiled_code }}
        {%- endcall %}
    {%- endif -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target]}) }}
{% endmacro %}


{# The model with a function that runs it, given how to read and to write a table. #}
{% macro spark_python_model(code, target) -%}
{{ code }}


def materialize(session, read, write):
    write(model(dbtObj(read), session), "{{ target }}")
{%- endmacro %}


{# A seed is small: its rows stand in one statement, as text that is cast to the columns' types. #}
{% materialization seed, adapter='spark' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set rows = load_agate_table() -%}
    {%- do store_result('agate_table', response='OK', agate_table=rows) -%}
    {%- set types = config.get('column_types', {}) -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        create or replace table {{ target }} using iceberg as
        select
            {%- for name in rows.column_names %}
            cast({{ name }} as {{ spark_type(types.get(name, 'string')) }}) as {{ name }}
            {{- ',' if not loop.last }}
            {%- endfor %}
        from values
            {%- for row in rows.rows %}
            (
                {%- for value in row -%}
                {{ 'cast(null as string)' if value is none else spark_text(value) }}
                {{- ', ' if not loop.last }}
                {%- endfor -%}
            ){{ ',' if not loop.last }}
            {%- else %}
            ({% for name in rows.column_names %}cast(null as string){{ ', ' if not loop.last }}{% endfor %})
            {%- endfor %}
            as seed_rows ({{ rows.column_names | join(', ') }})
        {{ 'where 1 = 0' if not rows.rows }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{# A text in quotes. For Spark two quotes within it would end one text and begin another. #}
{% macro spark_text(value) -%}
    '{{ value | string | replace('\\', '\\\\') | replace("'", "\\'") }}'
{%- endmacro %}

{# A value as a unit test states it. A list stands there as a text, [1, 2]. #}
{% macro spark__safe_cast(field, type) -%}
    {%- if type.startswith('array') and field.startswith("'") -%}
        from_json({{ field }}, '{{ type }}')
    {%- else -%}
        cast({{ field }} as {{ type }})
    {%- endif -%}
{%- endmacro %}
