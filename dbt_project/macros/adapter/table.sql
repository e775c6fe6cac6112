{# A table made anew in its place. Nobody reads the work file while it is built, and a transaction
   that fails leaves the former table; so the copy, the two renamings and the backup of the adapter's
   own materialization are not needed. Where REGULARS_PROVEN says that a full build of the same code
   went before, neither is the look for what stood here, nor the comparison of the query's types
   with the contract, which is four statements of the six. #}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set is_python = model['language'] == 'python' -%}
    {%- set is_proven = env_var('REGULARS_PROVEN', '') == 'yes' -%}

    {{ run_hooks(pre_hooks) }}
    {% if is_python or not is_proven %}
        {{ drop_relation_if_exists(load_cached_relation(this)) }}
    {% endif %}
    {% call statement('main', language=model['language']) -%}
        {%- if is_python -%}
            {{- create_table_as(false, target, compiled_code, 'python') }}
        {%- else -%}
            {{- table_as_contracted(target, compiled_code, is_proven) }}
        {%- endif -%}
    {%- endcall %}
    {% if is_python or not config.get('contract').enforced %}
        {% do persist_docs(target, model) %}
    {% endif %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}

    {{ return({'relations': [target]}) }}
{% endmaterialization %}


{# Table, rows and comments in one text. A contract names every column, so that each has its
   comment, and columns are taken by name: a query that lacks one fails. #}
{% macro table_as_contracted(target, query, is_proven) %}
    {%- if config.get('contract').enforced -%}
        {%- if not is_proven -%} {{ get_assert_columns_equivalent(query) }} {%- endif -%}
        create or replace table {{ target }} {{ get_table_columns_and_constraints() }};
        insert into {{ target }} {{ get_column_names() }} (
            {{ get_select_subquery(query) }}
        );
        {%- if config.persist_relation_docs() and model.description -%}
            {{ duckdb__alter_relation_comment(target, model.description) }}
        {%- endif -%}
        {%- if config.persist_column_docs() -%}
            {%- for name, column in model.columns.items() %}
            comment on column {{ target }}.{{ adapter.quote(name) if column.quote else name }}
            is {{ duckdb_escape_comment(column.description) }};
            {%- endfor -%}
        {%- endif -%}
    {%- else -%}
        create or replace table {{ target }} as (
            {{ query }}
        );
    {%- endif -%}
{% endmacro %}
