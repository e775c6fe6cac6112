-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

{% set rules = [
    'preference_window_days',
    'daypart_morning_from',
    'daypart_lunch_from',
    'daypart_afternoon_from',
    'daypart_evening_from',
    'daypart_night_from',
    'focus_discounted_share_min',
    'call_hours_from',
    'call_hours_to',
    'answer_window_hours',
    'index_weight_wallet',
    'index_weight_series',
    'index_weight_gap',
    'index_gap_norms',
    'potential_weight_distance',
    'potential_weight_trend',
    'potential_weight_frequency',
    'potential_weight_attitude',
    'potential_promote_min',
    'potential_cultivate_min',
    'composite_weight_value',
    'composite_weight_frequency',
    'composite_weight_loyalty',
    'composite_weight_potential',
    'gold_top_share',
    'concentration_top_share',
    'key_silent_days',
    'drop_window_days',
    'basket_window_days',
    'cross_sell_min_receipts',
    'cross_sell_sold_days',
    'recommendation_horizon_days',
    'recommendation_control_share',
    'assortment_return_days',
    'assortment_min_months',
    'interval_z',
] %}

select
    context.as_of,
{% for rule in rules %}
max(case when rules.code = '{{ rule }}' then rules.value_number end)
    as {{ rule }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as rules
    on context.as_of >= rules.valid_from and context.as_of < rules.valid_before
group by context.as_of
