{% set breakdowns = [
    ('dimension', ['macro', 'industry', 'competition', 'customer_behaviour', 'legal']),
    ('response', ['avoid', 'transfer', 'mitigate', 'accept']),
    ('legal_type', ['policy', 'contract', 'intellectual_property', 'data_privacy']),
] %}

-- The cell of the matrix is likelihood by impact. A cell without a risk is 0 where there is a
-- register, and says no data where there is none.
with cells as (
    {% for breakdown, members in breakdowns %}
    {% for member in members %}
    select
        '{{ breakdown }}' as breakdown,
        '{{ member }}' as member
    union all
    {% endfor %}
    {% endfor %}
    select
        'matrix' as breakdown,
        cast(likelihoods.generated_number as string) || 'x'
        || cast(impacts.generated_number as string) as member
    from ({{ numbers(5) }}) as likelihoods
    cross join ({{ numbers(5) }}) as impacts
),

placed as (
    {% for breakdown, members in breakdowns %}
    select
        '{{ breakdown }}' as breakdown,
        {{ breakdown }} as member,
        risk_score,
        action_days_late,
        is_accepted_without_reason
    from {{ ref('mart_risk_register') }}
    where is_open
    union all
    {% endfor %}
    select
        'matrix' as breakdown,
        cast(likelihood as string) || 'x' || cast(impact as string) as member,
        risk_score,
        action_days_late,
        is_accepted_without_reason
    from {{ ref('mart_risk_register') }}
    where is_open
),

counted as (
    select
        cells.breakdown,
        cells.member,
        count(placed.member) as open_risks,
        max(placed.risk_score) as highest_score,
        count(placed.action_days_late) as overdue_actions,
        count(case when placed.is_accepted_without_reason then 1 end) as accepted_without_reason
    from cells
    left join placed on cells.breakdown = placed.breakdown and cells.member = placed.member
    group by cells.breakdown, cells.member
)

select
    counted.breakdown,
    counted.member,
    case when delivered.is_delivered then cast(counted.open_risks as integer) end as open_risks,
    cast(counted.highest_score as integer) as highest_score,
    case when delivered.is_delivered then cast(counted.overdue_actions as integer) end
        as overdue_actions,
    case when delivered.is_delivered then cast(counted.accepted_without_reason as integer) end
        as accepted_without_reason,
    case when delivered.is_delivered then 'counted' else 'no data' end as status,
    context.as_of
from counted
inner join {{ ref('int_loads__feeds_delivered') }} as delivered on delivered.feed = 'ref_risks'
cross join {{ ref('int_build__context_stated') }} as context
