with ranked as (
    select
        weights.comparison,
        weights.level,
        weights.m_probability,
        weights.u_probability,
        weights.alike_min,
        row_number() over (
            partition by weights.comparison, weights.level
            order by weights.valid_from desc
        ) as place
    from {{ ref('ref_identity_weights') }} as weights
    inner join {{ ref('int_build__context_stated') }} as context
        on weights.valid_from <= context.as_of
)

select
    comparison,
    level,
    m_probability,
    u_probability,
    alike_min
from ranked
where place = 1
