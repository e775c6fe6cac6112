-- Three levels, also the one that has no target.
{% set levels = [('short', '短期'), ('mid', '中期'), ('long', '长期')] %}

select
    cast(levels.level_no as integer) as level_no,
    levels.horizon,
    levels.horizon_zh,
    cast(case when delivered.is_delivered then count(progress.target_id) end as integer)
        as targets,
    cast(count(progress.value) as integer) as measured,
    cast(count(case when progress.status = 'reached' then 1 end) as integer) as reached,
    cast(count(case when progress.status = 'on the way' then 1 end) as integer) as on_the_way,
    cast(count(case when progress.status in ('behind', 'missed') then 1 end) as integer) as behind,
    cast(count(case when not progress.horizon_fits then 1 end) as integer) as horizons_not_fitting,
    cast(sum(cast(progress.progress as decimal(28, 9))) as double)
    / nullif(count(progress.progress), 0) as mean_progress,
    case
        when not delivered.is_delivered then 'no data'
        when count(progress.target_id) = 0 then 'no target'
        else 'has targets'
    end as status,
    context.as_of
from (
    {% for horizon, zh in levels %}
    select {{ loop.index }} as level_no, '{{ horizon }}' as horizon, '{{ zh }}' as horizon_zh
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
) as levels
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_loads__feeds_delivered') }} as delivered
    on delivered.feed = 'ref_targets'
left join {{ ref('mart_target_progress') }} as progress on levels.horizon = progress.horizon
group by
    levels.level_no, levels.horizon, levels.horizon_zh, delivered.is_delivered, context.as_of
