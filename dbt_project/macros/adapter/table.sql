{# A table made anew in its place. Nobody reads the work file while it is built, and a transaction
   that fails leaves the former table; so the copy, the two renamings and the backup of the adapter's
   own materialization, half of a small table's cost, are not needed. #}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set former = load_cached_relation(this) -%}

    {{ run_hooks(pre_hooks) }}
    {{ drop_relation_if_exists(former) }}
    {% call statement('main', language=model['language']) -%}
        {{- create_table_as(false, target, compiled_code, model['language']) }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do persist_docs(target, model) %}
    {{ adapter.commit() }}

    {{ return({'relations': [target]}) }}
{% endmaterialization %}
