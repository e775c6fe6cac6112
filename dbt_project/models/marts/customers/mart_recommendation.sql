-- What customers say and what they do stand side by side; neither fills the other.
with stated as (
    select
        customer_id,
        cast(responded_at_local as date) as stated_date,
        score_100 / 10 as score,
        row_number() over (
            partition by customer_id
            order by responded_at_local desc, wave_id desc, response_id desc, question_code asc
        ) as place
    from {{ ref('fct_survey_response') }}
    where
        customer_id is not null
        and dimension = 'recommend'
        and subject = 'own'
        and score_100 is not null
),

referred as (
    select
        referrals.referrer_id as customer_id,
        count(*) as referrals,
        count(buyers.customer_id) as referrals_who_bought
    from {{ ref('int_retention__referrals_found') }} as referrals
    left join {{ ref('int_customers__first_purchases_dated') }} as buyers
        on referrals.customer_id = buyers.customer_id
    group by referrals.referrer_id
),

register as (
    select count(*) > 0 as has_members
    from {{ ref('int_customers__contacts_removed') }}
)

select
    customers.customer_id,
    cast(stated.score as double) as stated_score,
    stated.stated_date,
    case when register.has_members then cast(coalesce(referred.referrals, 0) as integer) end
        as referrals,
    case
        when register.has_members
            then cast(coalesce(referred.referrals_who_bought, 0) as integer)
    end as referrals_who_bought,
    context.as_of
from {{ ref('dim_customer') }} as customers
cross join register
cross join {{ ref('int_build__context_stated') }} as context
left join stated on customers.customer_id = stated.customer_id and stated.place = 1
left join referred on customers.customer_id = referred.customer_id
