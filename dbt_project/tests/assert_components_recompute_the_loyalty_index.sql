{{ config(meta={'requirements': ['LOY-05']}) }}

select
    customer_id,
    year,
    loyalty_index,
    recomputed
from (
    select
        customer_id,
        year,
        loyalty_index,
        (
            weight_retention * retention
            + weight_frequency * frequency
            + coalesce(weight_attitude * attitude, 0)
            + coalesce(weight_recommendation * recommendation, 0)
        ) / (
            weight_retention
            + weight_frequency
            + weight_attitude * case when attitude is null then 0 else 1 end
            + weight_recommendation * case when recommendation is null then 0 else 1 end
        ) as recomputed
    from {{ ref('mart_loyalty_index') }}
) as recomputations
where
    abs(loyalty_index - recomputed) > 0.000001
    or loyalty_index not between 0 and 100
