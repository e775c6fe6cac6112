{# A query of every model called rpt_ with its owner, as dbt knows them when it runs. #}
{% macro reports_of_project() -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() -%}
            {%- if node.resource_type == 'model' and node.name.startswith('rpt_') -%}
                {%- do found.append((node.name, node.config.meta.get('owner'))) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for name, owner in found | sort %}
        select '{{ name }}' as report, '{{ owner }}' as owner
        {{ 'union all' if not loop.last }}
    {%- else %}
        select cast(null as string) as report, cast(null as string) as owner where 1 = 0
    {%- endfor %}
{%- endmacro %}
