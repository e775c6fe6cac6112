{{ config(meta={'requirements': ['TIER-02']}) }}

-- Whoever bought in a year that has a rule in the chain's currency stands in exactly one tier.
select
    years.customer_id,
    years.year,
    count(tiers.tier) as tiers
from {{ ref('mart_customer_year') }} as years
inner join {{ ref('int_tiers__rules_dated') }} as rules
    on years.year = rules.calendar_year
left join {{ ref('mart_customer_tier') }} as tiers
    on
        years.customer_id = tiers.customer_id
        and years.year = tiers.year
        and tiers.tier <> 'NONE'
where years.receipts > 0 and years.net_spend is not null
group by years.customer_id, years.year
having count(tiers.tier) <> 1
