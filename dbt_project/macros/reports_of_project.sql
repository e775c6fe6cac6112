{# The feeds, separated by semicolons, that the node `node_id` is built from in the end; `known`
   remembers them by node. #}
{% macro feeds_behind(node_id, known) -%}
    {%- if node_id not in known -%}
        {%- set found = [] -%}
        {%- for parent in graph.nodes[node_id].depends_on.nodes -%}
            {%- if parent in graph.sources -%}
                {%- if graph.sources[parent].source_name != 'lake' -%}
                    {%- do found.append(graph.sources[parent].name) -%}
                {%- endif -%}
            {%- elif
                parent in graph.nodes
                and graph.nodes[parent].config.meta.get('carries_feeds', true)
            -%}
                {%- do found.extend(feeds_behind(parent, known)) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do known.update({node_id: found | unique | sort}) -%}
    {%- endif -%}
    {{ return(known[node_id]) }}
{%- endmacro %}


{# A query of every report (rpt_) with its folder, the marts that it reads itself, and all feeds that
   it is built from, as dbt knows them when it runs. #}
{% macro reports_of_project() -%}
    {%- set found = [] -%}
    {%- set known = {} -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() -%}
            {%- if
                node.resource_type == 'model'
                and node.fqn[1] == 'marts'
                and node.name.startswith('rpt_')
            -%}
                {%- set marts = [] -%}
                {%- for parent in node.depends_on.nodes if parent in graph.nodes -%}
                    {%- if graph.nodes[parent].fqn[1] == 'marts' -%}
                        {%- do marts.append(graph.nodes[parent].name) -%}
                    {%- endif -%}
                {%- endfor -%}
                {%- do found.append((
                    node.name, node.fqn[2], node.config.meta.get('owner'),
                    marts | sort | join(';'), feeds_behind(node.unique_id, known) | join(';')
                )) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for name, folder, owner, marts, feeds in found | sort %}
        select
            '{{ name }}' as name,
            '{{ folder }}' as mart_group,
            '{{ owner }}' as owner,
            nullif('{{ marts }}', '') as marts,
            nullif('{{ feeds }}', '') as feeds
        {{ 'union all' if not loop.last }}
    {%- else %}
        select
            cast(null as string) as name,
            cast(null as string) as mart_group,
            cast(null as string) as owner,
            cast(null as string) as marts,
            cast(null as string) as feeds
        where 1 = 0
    {%- endfor %}
{%- endmacro %}
