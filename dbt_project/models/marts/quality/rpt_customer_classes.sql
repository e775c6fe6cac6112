with limits as (
    select limits.value_number as share_max
    from {{ ref('int_parameters__periods_dated') }} as limits
    cross join {{ ref('int_build__context_stated') }} as context
    where
        limits.code = 'unknown_class_share_max'
        and context.as_of >= limits.valid_from
        and context.as_of < limits.valid_before
),

axes as (
    {% for axis in ['attribute_class', 'industry', 'region'] %}
    select
        '{{ axis }}' as axis,
        count(*) as members,
        count(case when {{ axis }} = 'UNKNOWN' then 1 end) as members_unknown
    from {{ ref('int_customers__classes_assigned') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    axes.axis,
    cast(axes.members as integer) as members,
    cast(axes.members_unknown as integer) as members_unknown,
    cast(axes.members_unknown as double) / nullif(axes.members, 0) as unknown_share,
    cast(limits.share_max as double) as unknown_share_max,
    case
        when axes.members = 0 then 'no data'
        when
            cast(axes.members_unknown as double) / axes.members <= cast(limits.share_max as double)
            then 'within'
        else 'above'
    end as status,
    context.as_of
from axes
cross join limits
cross join {{ ref('int_build__context_stated') }} as context
