-- Dated items of three fields; a field of which nothing is known has a line that says so.
{% set fields = [('trends', '外部趋势'), ('rivals', '竞争对手'), ('demand', '市场需求')] %}

with known as (
    select
        items.*,
        max(items.item_date) over (partition by items.field) as newest_date
    from {{ ref('int_performance__intelligence_gathered') }} as items
    inner join {{ ref('int_build__context_stated') }} as context
        on items.item_date <= context.as_of
)

select
    fields.field,
    fields.field_zh,
    coalesce(known.item_id, 'none') as item_id,
    known.topic,
    known.region,
    known.item_date,
    known.source_name,
    known.item,
    known.newest_date,
    cast({{ days_between('known.newest_date', 'rules.as_of') }} as integer) as days_since_newest,
    case
        when known.newest_date is null then 'no data'
        when
            {{ days_between('known.newest_date', 'rules.as_of') }} > rules.intelligence_stale_days
            then 'stale'
        else 'fresh'
    end as status,
    rules.as_of
from (
    {% for field, zh in fields %}
    select '{{ field }}' as field, '{{ zh }}' as field_zh
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
) as fields
cross join {{ ref('int_performance__rules_dated') }} as rules
left join known on fields.field = known.field
