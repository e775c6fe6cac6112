-- Own spend of the window up to the answer over the spend on the category that the answer states.
-- More than all of it is a contradiction and stays one.
with answers as (
    select
        customer_id,
        upper(question_code) as question_code,
        cast(responded_at_local as date) as answered_date,
        score,
        score_100,
        row_number() over (
            partition by customer_id, upper(question_code)
            order by responded_at_local desc, wave_id desc, response_id desc
        ) as place
    from {{ ref('fct_survey_response') }}
    where
        customer_id is not null
        and subject = 'own'
        and upper(question_code) in ('CATEGORY_SPEND', 'MIND_SHARE')
        and score is not null
),

asked as (
    select
        customer_id,
        max(case when question_code = 'CATEGORY_SPEND' then score end) as category_spend,
        max(case when question_code = 'CATEGORY_SPEND' then answered_date end) as category_date,
        max(case when question_code = 'MIND_SHARE' then score_100 end) as mind_share_100,
        max(case when question_code = 'MIND_SHARE' then answered_date end) as mind_share_date
    from answers
    where place = 1
    group by customer_id
),

spent as (
    select
        asked.customer_id,
        cast(sum(days.net_spend) as decimal(18, 2)) as own_spend
    from asked
    cross join {{ ref('int_retention__rules_dated') }} as rules
    inner join {{ ref('int_sales__customer_days_summarised') }} as days
        on
            asked.customer_id = days.customer_id
            and asked.category_date >= days.business_date
            and {{ days_between('days.business_date', 'asked.category_date') }}
            < rules.wallet_window_days
    group by asked.customer_id
)

select
    asked.customer_id,
    case when asked.category_date is not null then coalesce(spent.own_spend, 0) end as own_spend,
    cast(asked.category_spend as decimal(18, 2)) as category_spend,
    asked.category_date,
    cast(spent.own_spend as double) / nullif(cast(asked.category_spend as double), 0)
        as wallet_share,
    coalesce(spent.own_spend > asked.category_spend, false) as is_inconsistent,
    cast(asked.mind_share_100 as double) as mind_share_100,
    asked.mind_share_date,
    lifecycle.stage4,
    tiers.tier,
    context.chain_currency as currency,
    context.as_of
from asked
cross join {{ ref('int_build__context_stated') }} as context
left join spent on asked.customer_id = spent.customer_id
left join {{ ref('mart_lifecycle') }} as lifecycle on asked.customer_id = lifecycle.customer_id
left join {{ ref('mart_customer_tier') }} as tiers
    on asked.customer_id = tiers.customer_id and extract(year from context.as_of) = tiers.year
