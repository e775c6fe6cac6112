-- Perceived worth is the mean of the REWARD_FELT answers of the year.
with periods as (
    select
        cast(extract(year from period) as integer) as year,
        member_level,
        count(distinct customer_id) as members,
        sum(rewards_offered) as offered,
        sum(rewards_redeemed) as redeemed,
        sum(reward_cost) as cost
    from {{ ref('int_programme__periods_summarised') }}
    group by extract(year from period), member_level
),

felt as (
    select
        calendar_year,
        count(distinct respondent) as respondents,
        cast(sum(score_100) as double) / count(*) as mean_100
    from {{ ref('int_surveys__ratings_kept') }}
    where role = 'reward_felt' and subject = 'own'
    group by calendar_year
),

best as (
    select
        tiers.year,
        count(*) as customers,
        count(benefits.customer_id) as with_benefit
    from {{ ref('mart_customer_tier') }} as tiers
    left join (
        select distinct
            customer_id,
            cast(extract(year from period) as integer) as year
        from {{ ref('int_programme__periods_summarised') }}
        where has_exclusive_offer or has_priority_service
    ) as benefits
        on tiers.customer_id = benefits.customer_id and tiers.year = benefits.year
    where tiers.tier = 'A'
    group by tiers.year
)

select
    periods.year,
    periods.member_level,
    cast(periods.members as integer) as members,
    cast(periods.offered as integer) as rewards_offered,
    cast(periods.redeemed as integer) as rewards_redeemed,
    cast(periods.redeemed as double) / nullif(periods.offered, 0) as redemption_rate,
    cast(periods.cost as decimal(18, 2)) as reward_cost,
    {{ large_cell('felt.mean_100', 'felt.respondents', 'rules.anonymity_min_cell') }}
        as perceived_worth_100,
    cast(best.with_benefit as double) / nullif(best.customers, 0) as tier_a_benefit_share,
    case
        when coalesce(periods.offered, 0) = 0 then 'no rewards'
        when
            cast(periods.redeemed as double) / periods.offered
            < cast(rules.reward_min_redemption as double)
            then 'not felt'
        else 'felt'
    end as verdict,
    context.chain_currency as currency,
    context.as_of
from periods
cross join {{ ref('int_programme__rules_dated') }} as rules
cross join {{ ref('int_build__context_stated') }} as context
left join felt on periods.year = felt.calendar_year
left join best on periods.year = best.year
