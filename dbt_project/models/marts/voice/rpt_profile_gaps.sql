with members as (
    select count(*) as customers
    from {{ ref('mart_customer_profile') }}
),

answered as (
    select
        question_code,
        count(*) as customers
    from {{ ref('int_surveys__profiles_answered') }}
    group by question_code
),

asked as (
    select count(*) > 0 as is_asked from answered
)

select
    questions.question_code,
    questions.question,
    cast(case when asked.is_asked then coalesce(answered.customers, 0) end as integer)
        as customers_answered,
    cast(
        case when asked.is_asked then members.customers - coalesce(answered.customers, 0) end
        as integer
    ) as customers_missing,
    case
        when asked.is_asked
            then
                cast(coalesce(answered.customers, 0) as double) / nullif(members.customers, 0)
    end as share_answered,
    case when asked.is_asked then 'measured' else 'no data' end as status,
    context.as_of
from {{ ref('int_surveys__profile_questions_listed') }} as questions
cross join {{ ref('int_build__context_stated') }} as context
cross join members
cross join asked
left join answered on questions.question_code = answered.question_code
