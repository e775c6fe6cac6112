with newcomers as (
    select
        extract(year from customers.first_seen_date) as calendar_year,
        count(*) as new_customers,
        count(referrals.customer_id) as referred_customers,
        count(
            case
                when referrals.customer_id is null and customers.source_channel is null then 1
            end
        ) as unknown_origin_customers
    from {{ ref('dim_customer') }} as customers
    left join {{ ref('int_retention__referrals_found') }} as referrals
        on customers.customer_id = referrals.customer_id
    where customers.is_known
    group by extract(year from customers.first_seen_date)
),

heard as (
    select
        calendar_year,
        count(*) as answers,
        count(case when lower(value_element) in ('friend', 'family', 'colleague') then 1 end)
            as answers_by_mouth
    from {{ ref('fct_survey_response') }}
    where upper(question_code) = 'HOW_HEARD' and value_element is not null
    group by calendar_year
)

select
    cast(newcomers.calendar_year as integer) as year,
    cast(newcomers.new_customers as integer) as new_customers,
    cast(newcomers.referred_customers as integer) as referred_customers,
    cast(newcomers.referred_customers as double) / nullif(newcomers.new_customers, 0)
        as referred_share,
    cast(newcomers.unknown_origin_customers as integer) as unknown_origin_customers,
    cast(heard.answers as integer) as how_heard_answers,
    cast(heard.answers_by_mouth as double) / nullif(heard.answers, 0) as heard_by_mouth_share,
    case when heard.answers is null then 'the question HOW_HEARD was not asked' end
        as how_heard_missing_reason,
    context.as_of
from newcomers
cross join {{ ref('int_build__context_stated') }} as context
left join heard on newcomers.calendar_year = heard.calendar_year
