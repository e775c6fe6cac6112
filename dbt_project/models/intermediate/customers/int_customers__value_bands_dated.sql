-- A band by spend alone, for what is judged year by year; whoever falls into the open band is B.
-- The official tier with its policy is mart_customer_tier.
select
    years.customer_id,
    years.calendar_year,
    years.net_spend,
    case
        when years.net_spend >= rules.a_min then 'A'
        when years.net_spend >= rules.b_min then 'B'
        when years.net_spend < rules.b_min then 'C'
    end as value_band
from {{ ref('int_customers__years_summarised') }} as years
inner join {{ ref('int_tiers__rules_dated') }} as rules
    on years.calendar_year = rules.calendar_year
where years.receipts > 0
