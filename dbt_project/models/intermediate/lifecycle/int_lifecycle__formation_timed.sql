with firsts as (
    select
        customer_id,
        min(case when stage = 'formation' then valid_from end) as first_formation_date,
        min(case when stage = 'stability' then valid_from end) as first_stability_date
    from {{ ref('int_lifecycle__stages_lasting') }}
    where lifecycle = 'stage4'
    group by customer_id
)

select
    customer_id,
    first_formation_date,
    case when first_stability_date > first_formation_date then first_stability_date end
        as first_stability_date,
    case
        when first_stability_date > first_formation_date
            then cast({{ days_between('first_formation_date', 'first_stability_date') }} as integer)
    end as days_to_stability,
    first_stability_date is null as is_censored
from firsts
where
    first_formation_date is not null
    -- Who was steady before the first formation was never formed.
    and (first_stability_date is null or first_stability_date > first_formation_date)
