with placed as (
    select
        customers.customer_id,
        coalesce(customers.city, homes.city) as geographic,
        customers.sex || ' ' || ages.age_band as demographic,
        coalesce(behaviours.segment, 'no purchase') as behavioural,
        stresses.value_element as psychographic
    from {{ ref('dim_customer') }} as customers
    left join {{ ref('int_segments__home_stores_found') }} as homes
        on customers.customer_id = homes.customer_id
    left join {{ ref('int_segments__ages_banded') }} as ages
        on customers.customer_id = ages.customer_id
    left join {{ ref('int_segments__behaviours_classed') }} as behaviours
        on customers.customer_id = behaviours.customer_id
    left join {{ ref('int_segments__stresses_found') }} as stresses
        on customers.customer_id = stresses.customer_id
),

assigned as (
    {% for method in ['geographic', 'demographic', 'behavioural', 'psychographic'] %}
    select
        customer_id,
        '{{ method }}' as method,
        coalesce({{ method }}, 'UNKNOWN') as segment
    from placed
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    assigned.customer_id,
    assigned.method,
    case assigned.method
        when 'geographic' then '地理'
        when 'demographic' then '人口'
        when 'behavioural' then '行为'
        else '心理'
    end as method_zh,
    assigned.segment,
    context.as_of
from assigned
cross join {{ ref('int_build__context_stated') }} as context
