-- The newest year that is over at as_of: in a running year most have not yet reached their tier.
-- Only who may be written to.
select
    cast(
        row_number() over (order by potential.score desc, potential.customer_id asc) as integer
    ) as place,
    potential.customer_id,
    potential.year,
    potential.net_spend,
    potential.spend_to_next_tier,
    potential.score,
    potential.reasons,
    potential.coverage_pct,
    potential.currency,
    potential.as_of
from {{ ref('mart_tier_potential') }} as potential
inner join {{ ref('int_customers__consents_judged') }} as consents
    on potential.customer_id = consents.customer_id and consents.is_contactable
where
    potential.b_potential = 'promote'
    and potential.year = extract(year from {{ add_days('potential.as_of', 1) }}) - 1
