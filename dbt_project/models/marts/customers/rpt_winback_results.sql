{% set dimensions = [
    ('all', "'all'"),
    ('value', "coalesce(value_band, 'unknown')"),
    ('reason', 'reason'),
] %}

with members as (
    {% for dimension, member in dimensions %}
    select
        '{{ dimension }}' as dimension,
        {{ member }} as member,
        *
    from {{ ref('int_churn__winbacks_judged') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    members.dimension,
    members.member,
    cast(count(*) as integer) as contacted,
    cast(count(case when members.is_judged then 1 end) as integer) as judged,
    cast(count(case when members.is_won_back then 1 end) as integer) as won_back,
    cast(count(case when members.is_won_back then 1 end) as double)
    / nullif(count(case when members.is_judged then 1 end), 0) as winback_rate,
    cast(sum(members.net_spend_after) as decimal(18, 2)) as net_spend_after,
    cast(count(case when members.is_won_back and members.is_lost_again then 1 end) as integer)
        as lost_again,
    cast(sum(members.cost) as double)
    / nullif(count(case when members.is_won_back then 1 end), 0) as cost_per_winback,
    context.chain_currency as currency,
    context.as_of
from members
cross join {{ ref('int_build__context_stated') }} as context
group by members.dimension, members.member, context.chain_currency, context.as_of
