{% set measures = ['outlets', 'promoters', 'outlet_sales'] %}

with compared as (
    {% for measure in measures %}
    select
        region,
        competitor,
        '{{ measure }}' as measure,
        our_{{ measure }} as ours,
        rival_{{ measure }} as theirs
    from {{ ref('int_market__terminals_counted') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    compared.region,
    compared.competitor,
    compared.measure,
    compared.ours,
    compared.theirs,
    compared.ours / nullif(compared.theirs, 0) as ratio,
    cast(limits.value_number as double) as ratio_wanted,
    case
        when compared.ours is null or coalesce(compared.theirs, 0) = 0 then 'no data'
        when round(compared.ours / compared.theirs, 9) >= limits.value_number then 'met'
        else 'not met'
    end as status,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join compared on true
left join {{ ref('int_parameters__periods_dated') }} as limits
    on
        limits.code = 'terminal_force_ratio'
        and context.as_of >= limits.valid_from
        and context.as_of < limits.valid_before
where
    delivered.feed = 'ref_competitors'
    and (compared.region is not null or not delivered.is_delivered)
