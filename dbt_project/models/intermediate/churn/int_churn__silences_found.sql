-- Silences of valuable customers beyond their own rhythm, or beyond the general warning: dated by
-- the purchases before and after, so that every night finds the same ones. A table: both alerts
-- read it.
{{ config(materialized='table') }}

with spells as (
    select
        silences.*,
        {{ add_days('silences.last_purchase_date', 'cast(rules.days as integer) + 1') }}
            as lost_date,
        least(
            silences.next_purchase_date,
            {{ add_days('silences.last_purchase_date', 'cast(rules.days as integer) + 1') }}
        ) as end_date,
        rules.as_of
    from {{ ref('int_churn__silences_measured') }} as silences
    inner join {{ ref('int_churn__rules_dated') }} as rules
        on silences.warned_date <= rules.as_of
)

select
    spells.customer_id,
    spells.last_purchase_date,
    spells.warned_date,
    spells.days_allowed,
    case when spells.end_date <= spells.as_of then spells.end_date end as ended_date,
    spells.next_purchase_date <= spells.lost_date as has_bought_again,
    spells.net_spend_year,
    case when spells.net_spend_year >= tiers.a_min then 'A' else 'B' end as value_band
from spells
inner join {{ ref('int_tiers__rules_dated') }} as tiers
    on extract(year from spells.last_purchase_date) = tiers.calendar_year
where spells.net_spend_year >= tiers.b_min
