-- Of several the newest due stands; who may not be asked is not.
with open_dues as (
    select
        *,
        row_number() over (
            partition by customer_id
            order by due_date desc, survey_trigger asc
        ) as place
    from {{ ref('int_surveys__dues_found') }}
    where done_date is null
)

select
    dues.customer_id,
    dues.survey_trigger as trigger,
    dues.due_date,
    dues.survey_before_date as last_survey_date,
    cast({{ days_between('dues.due_date', 'rules.as_of') }} as integer) as days_due,
    {{ days_between('dues.due_date', 'rules.as_of') }} > rules.survey_overdue_days as is_overdue,
    customers.has_marketing_consent,
    rules.as_of
from open_dues as dues
cross join {{ ref('int_surveys__rules_dated') }} as rules
left join {{ ref('dim_customer') }} as customers on dues.customer_id = customers.customer_id
left join {{ ref('int_customers__consents_judged') }} as consents
    on dues.customer_id = consents.customer_id
where dues.place = 1 and coalesce(consents.is_surveyable, true)
