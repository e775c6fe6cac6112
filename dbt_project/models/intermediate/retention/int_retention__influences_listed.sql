-- The five influences in the words of the sources, as answers and figures of a customer's year.
-- Experience and reputation are questions of their own where they were asked, else the nearest
-- dimension; contacts count where the contact log is delivered, else the answer on communication.
with answers as (
    select
        ratings.customer_id,
        ratings.calendar_year,
        ratings.score_100,
        case
            when ratings.role = 'experience' then 'experience'
            when ratings.role = 'trust' then 'reputation'
            when ratings.role = 'satisfaction' and ratings.dimension in ('product', 'service')
                then 'quality'
            when ratings.role = 'satisfaction' and ratings.dimension = 'overall'
                then 'experience_nearest'
            when ratings.role = 'satisfaction' and ratings.dimension = 'marketing'
                then 'reputation_nearest'
            when
                ratings.role = 'satisfaction' and ratings.dimension = 'communication'
                and not contacts.is_delivered
                then 'relationship'
        end as influence
    from {{ ref('int_surveys__ratings_kept') }} as ratings
    inner join {{ ref('int_loads__feeds_delivered') }} as contacts
        on contacts.feed = 'ref_interactions'
    where ratings.customer_id is not null and ratings.subject = 'own'
),

asked as (
    select
        calendar_year,
        max(case when influence = 'experience' then 1 else 0 end) as has_experience,
        max(case when influence = 'reputation' then 1 else 0 end) as has_reputation
    from answers
    group by calendar_year
),

touched as (
    select
        customer_id,
        cast(extract(year from occurred_date) as integer) as calendar_year,
        count(case when not coalesce(is_automatic, false) then 1 end) as contacts
    from {{ ref('int_service__contacts_localised') }}
    group by customer_id, extract(year from occurred_date)
),

figures as (
    select
        answers.customer_id,
        answers.calendar_year,
        case
            when answers.influence = 'experience_nearest' and asked.has_experience = 0
                then 'experience'
            when answers.influence = 'reputation_nearest' and asked.has_reputation = 0
                then 'reputation'
            else answers.influence
        end as influence,
        cast(answers.score_100 as double) as score
    from answers
    inner join asked on answers.calendar_year = asked.calendar_year
    union all
    select
        indexed.customer_id,
        indexed.calendar_year,
        'relationship' as influence,
        cast(coalesce(touched.contacts, 0) as double) as score
    from {{ ref('int_retention__loyalty_indexed') }} as indexed
    inner join {{ ref('int_loads__feeds_delivered') }} as delivered
        on delivered.feed = 'ref_interactions' and delivered.is_delivered
    left join touched
        on
            indexed.customer_id = touched.customer_id
            and indexed.calendar_year = touched.calendar_year
    union all
    select
        customer_id,
        calendar_year,
        'price' as influence,
        cast(discount_amount as double)
        / nullif(cast(net_spend + discount_amount as double), 0) as score
    from {{ ref('int_customers__years_summarised') }}
    where net_spend + discount_amount > 0
    union all
    select
        customer_id,
        calendar_year,
        'loyalty_index' as influence,
        loyalty_index as score
    from {{ ref('int_retention__loyalty_indexed') }}
)

select
    figures.customer_id as respondent,
    cast(figures.calendar_year as integer) as calendar_year,
    figures.influence as driver,
    figures.score as score_100
from figures
where
    figures.score is not null
    and figures.influence in (
        'quality', 'experience', 'reputation', 'relationship', 'price', 'loyalty_index'
    )
