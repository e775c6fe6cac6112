{% set steps = [
    ('overall', 'trust', 'satisfaction to trust'),
    ('trust', 'loyalty', 'trust to loyalty'),
    ('overall', 'loyalty', 'satisfaction to loyalty'),
] %}

-- By ranks: satisfaction that wins trust need not win it in a straight line.
with steps as (
    {% for x, y, step in steps %}
    select
        {{ loop.index }} as step_no,
        '{{ step }}' as step,
        '{{ x }}' as x,
        '{{ y }}' as y
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    pairs.wave_id,
    cast(steps.step_no as integer) as step_no,
    steps.step,
    pairs.r as rho,
    cast(pairs.n as integer) as n,
    pairs.low,
    pairs.high,
    pairs.p_value,
    pairs.status,
    nullif(pairs.note, '') as reason,
    context.as_of
from steps
inner join {{ ref('int_surveys__correlations_computed') }} as pairs
    on
        pairs.method = 'spearman'
        and (
            (steps.x = pairs.x and steps.y = pairs.y)
            or (steps.x = pairs.y and steps.y = pairs.x)
        )
cross join {{ ref('int_build__context_stated') }} as context
