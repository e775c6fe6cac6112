-- Every report of this project, as dbt itself knows them: a new one cannot be forgotten.
{% set reports = [] %}
{% if execute %}
{% for node in graph.nodes.values() %}
{% if node.resource_type == 'model' and node.name.startswith('rpt_') %}
{% do reports.append((node.name, node.config.meta.get('owner'))) %}
{% endif %}
{% endfor %}
{% endif %}
{% for name, owner in reports | sort %}
select
    '{{ name }}' as report,
    '{{ owner }}' as owner
union all
{% endfor %}
select
    cast(null as string) as report,
    cast(null as string) as owner
where 1 = 0
