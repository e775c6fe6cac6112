{% set rules = [
    'reward_min_redemption',
    'staff_turnover_min_stores',
    'switching_cost_points_cap',
    'switching_cost_distance_cap_km',
    'churn_days',
    'anonymity_min_cell',
] %}

-- The value of a point counts only in the chain's currency.
select
    context.as_of,
    max(
        case
            when rules.code = 'point_value' and rules.unit = context.chain_currency
                then rules.value_number
        end
    ) as point_value,
{% for rule in rules %}
max(case when rules.code = '{{ rule }}' then rules.value_number end)
    as {{ rule }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as rules
    on context.as_of >= rules.valid_from and context.as_of < rules.valid_before
group by context.as_of
