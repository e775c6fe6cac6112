{{ config(meta={'requirements': ['TIER-11', 'C360-16', 'TIER-08']}) }}

-- Weights of the composite grade, of the potential of a tier and of the index: each set comes to 1.
with sums as (
    select
        composite_weight_value + composite_weight_frequency + composite_weight_loyalty
        + composite_weight_potential as composite,
        potential_weight_distance + potential_weight_trend + potential_weight_frequency
        + potential_weight_attitude as potential,
        index_weight_wallet + index_weight_series + index_weight_gap as potential_index
    from {{ ref('int_grading__rules_stated') }}
)

select
    composite,
    potential,
    potential_index
from sums
where composite <> 1 or potential <> 1 or potential_index <> 1
