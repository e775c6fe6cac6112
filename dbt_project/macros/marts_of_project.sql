{# A query of every model of the marts whose name begins with `prefix`, with its folder and owner, as
   dbt knows them when it runs. #}
{% macro marts_of_project(prefix='') -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() -%}
            {%- if
                node.resource_type == 'model'
                and node.fqn[1] == 'marts'
                and node.name.startswith(prefix)
            -%}
                {%- do found.append((node.name, node.fqn[2], node.config.meta.get('owner'))) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for name, folder, owner in found | sort %}
        select '{{ name }}' as name, '{{ folder }}' as mart_group, '{{ owner }}' as owner
        {{ 'union all' if not loop.last }}
    {%- else %}
        select
            cast(null as string) as name,
            cast(null as string) as mart_group,
            cast(null as string) as owner
        where 1 = 0
    {%- endfor %}
{%- endmacro %}
