-- Who got further was at the steps before, stated or not: so the counts can only fall. Active is
-- who still buys, by the five stages.
with prospects as (
    select
        prospects.prospect_id,
        firsts.first_purchase_date is not null as has_bought,
        prospects.intent_date <= context.as_of as has_intended,
        stages.stage5 = 'active' as is_active
    from {{ ref('int_segments__prospects_linked') }} as prospects
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_customers__first_purchases_dated') }} as firsts
        on prospects.customer_id = firsts.customer_id
    left join {{ ref('mart_lifecycle') }} as stages
        on prospects.customer_id = stages.customer_id
),

counted as (
    select
        count(*) as potential,
        count(case when has_intended or has_bought then 1 end) as intention,
        count(case when has_bought then 1 end) as purchase,
        count(case when has_bought and is_active then 1 end) as active
    from prospects
),

steps as (
    {% for step in ['potential', 'intention', 'purchase', 'active'] %}
    select
        {{ loop.index }} as step_no,
        '{{ step }}' as step,
        {{ step }} as reached,
        {{ loop.previtem if not loop.first else 'cast(null as bigint)' }} as reached_before,
        potential
    from counted
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    cast(steps.step_no as integer) as step_no,
    steps.step,
    case when steps.potential > 0 then cast(steps.reached as integer) end as prospects,
    cast(steps.reached as double) / nullif(steps.reached_before, 0) as conversion_rate,
    case when steps.potential > 0 then 'measured' else 'no data' end as status,
    context.as_of
from steps
cross join {{ ref('int_build__context_stated') }} as context
