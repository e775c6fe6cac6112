{# A query of every model of the marts whose name begins with `prefix` and its owner, as dbt knows
   them when it runs. #}
{% macro marts_of_project(prefix='') -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() -%}
            {%- if
                node.resource_type == 'model'
                and node.fqn[1] == 'marts'
                and node.name.startswith(prefix)
            -%}
                {%- do found.append((node.name, node.config.meta.get('owner'))) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for name, owner in found | sort %}
        select '{{ name }}' as name, '{{ owner }}' as owner
        {{ 'union all' if not loop.last }}
    {%- else %}
        select cast(null as string) as name, cast(null as string) as owner where 1 = 0
    {%- endfor %}
{%- endmacro %}
