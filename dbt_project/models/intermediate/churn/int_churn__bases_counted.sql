-- A table: rates by every dimension read it. The base of a period are the buyers who were not lost
-- when it began; lost are those of them who are lost when it ends.
{{ config(materialized='table') }}

select
    periods.period_kind,
    periods.period_start,
    periods.period_end,
    known.customer_id,
    losses.customer_id is not null as is_lost
from {{ ref('int_churn__periods_listed') }} as periods
cross join {{ ref('int_churn__rules_dated') }} as rules
inner join {{ ref('int_lifecycle__purchases_accumulated') }} as known
    on
        periods.period_start > known.business_date
        and periods.period_start <= known.next_purchase_date
        and known.business_date
        >= {{ add_days('periods.period_start', '-cast(rules.days as integer) - 1') }}
left join {{ ref('int_churn__losses_found') }} as losses
    on
        known.customer_id = losses.customer_id
        and periods.period_start <= losses.lost_date
        and periods.period_end >= losses.lost_date
        and coalesce(periods.period_end < losses.returned_date, true)
