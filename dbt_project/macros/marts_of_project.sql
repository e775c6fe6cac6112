{# A query of every mart with its folder, as dbt knows them when it runs. #}
{% macro marts_of_project() -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() -%}
            {%- if node.resource_type == 'model' and node.fqn[1] == 'marts' -%}
                {%- do found.append((node.name, node.fqn[2])) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for name, folder in found | sort %}
        select '{{ name }}' as mart, '{{ folder }}' as mart_group
        {{ 'union all' if not loop.last }}
    {%- else %}
        select cast(null as string) as mart, cast(null as string) as mart_group where 1 = 0
    {%- endfor %}
{%- endmacro %}
