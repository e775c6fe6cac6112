-- Each component from 0 to 100, null where it is not known. A year is judged at its end, the
-- running one at as_of; months count from that of the first purchase.
with judged as (
    select
        years.calendar_year,
        least(cast(cast(years.calendar_year as string) || '-12-31' as date), context.as_of)
            as judged_date
    from {{ ref('int_build__years_listed') }} as years
    cross join {{ ref('int_build__context_stated') }} as context
),

voices as (
    select
        customer_id,
        calendar_year,
        cast(sum(case when dimension = 'attitude' then score_100 end) as double)
        / nullif(count(case when dimension = 'attitude' then score_100 end), 0) as attitude,
        cast(sum(case when dimension = 'recommend' then score_100 end) as double)
        / nullif(count(case when dimension = 'recommend' then score_100 end), 0) as recommendation
    from {{ ref('int_surveys__identities_removed') }}
    where customer_id is not null and subject = 'own' and dimension in ('attitude', 'recommend')
    group by customer_id, calendar_year
),

counted as (
    select
        habits.customer_id,
        habits.calendar_year,
        habits.months_bought,
        habits.visit_days,
        habits.preference_share,
        {{ days_between('firsts.first_purchase_date', 'judged.judged_date') }} as tenure_days,
        extract(month from judged.judged_date)
        - case
            when extract(year from firsts.first_purchase_date) = habits.calendar_year
                then extract(month from firsts.first_purchase_date) - 1
            else 0
        end as months_known
    from {{ ref('int_retention__habits_measured') }} as habits
    inner join judged on habits.calendar_year = judged.calendar_year
    inner join {{ ref('int_customers__first_purchases_dated') }} as firsts
        on habits.customer_id = firsts.customer_id
)

select
    counted.customer_id,
    cast(counted.calendar_year as integer) as calendar_year,
    cast(counted.tenure_days as integer) as tenure_days,
    counted.tenure_days >= rules.min_tenure_days as is_old_enough,
    100.0 * counted.months_bought / counted.months_known as retention,
    least(
        100.0,
        100.0
        * counted.visit_days
        * 12
        / counted.months_known
        / cast(rules.full_visit_days as double)
    ) as frequency,
    voices.attitude,
    voices.recommendation,
    counted.preference_share,
    cast(rules.weight_retention as double) as weight_retention,
    cast(rules.weight_frequency as double) as weight_frequency,
    cast(rules.weight_attitude as double) as weight_attitude,
    cast(rules.weight_recommendation as double) as weight_recommendation
from counted
cross join {{ ref('int_retention__rules_dated') }} as rules
left join voices
    on
        counted.customer_id = voices.customer_id
        and counted.calendar_year = voices.calendar_year
