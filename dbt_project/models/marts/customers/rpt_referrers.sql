-- By the tier of the running year and the stage of as_of.
select
    coalesce(tiers.tier, 'not rated') as tier,
    lifecycle.stage4,
    cast(count(*) as integer) as customers,
    cast(count(case when recommendation.referrals > 0 then 1 end) as integer) as referrers,
    cast(sum(recommendation.referrals) as integer) as referrals,
    cast(count(case when recommendation.referrals > 0 then 1 end) as double) / count(*)
        as referrer_share,
    lifecycle.as_of
from {{ ref('mart_recommendation') }} as recommendation
inner join {{ ref('mart_lifecycle') }} as lifecycle
    on recommendation.customer_id = lifecycle.customer_id
left join {{ ref('mart_customer_tier') }} as tiers
    on
        recommendation.customer_id = tiers.customer_id
        and extract(year from lifecycle.as_of) = tiers.year
group by coalesce(tiers.tier, 'not rated'), lifecycle.stage4, lifecycle.as_of
