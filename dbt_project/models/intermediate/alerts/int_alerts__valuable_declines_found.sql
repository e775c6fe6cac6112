-- A customer who was worth an A in a year up to the decline; leaving the stage closes the alert.
with valuable as (
    select
        customer_id,
        min(calendar_year) as first_year,
        max(net_spend) as most_spend
    from {{ ref('int_customers__value_bands_dated') }}
    where value_band = 'A'
    group by customer_id
)

select
    'DECLINE_HIGH_VALUE' as alert_code,
    'customer' as entity_type,
    stages.customer_id as entity_id,
    stages.valid_from as opened_date,
    stages.valid_before as closed_date,
    cast(valuable.most_spend as double) as alert_value,
    cast(tiers.a_min as double) as threshold,
    case when stages.valid_before is not null then 'the customer left the decline' end as feedback
from {{ ref('int_lifecycle__stages_lasting') }} as stages
inner join valuable
    on
        stages.customer_id = valuable.customer_id
        and extract(year from stages.valid_from) >= valuable.first_year
inner join {{ ref('int_tiers__rules_dated') }} as tiers on valuable.first_year = tiers.calendar_year
where stages.lifecycle = 'stage4' and stages.stage = 'decline'
