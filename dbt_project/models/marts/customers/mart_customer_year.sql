with attitudes as (
    select
        customer_id,
        calendar_year,
        sum(case when dimension = 'attitude' and subject = 'own' then score_100 end)
            as attitude_sum,
        count(case when dimension = 'attitude' and subject = 'own' then score_100 end)
            as attitude_answers,
        count(*) as survey_answers
    from {{ ref('fct_survey_response') }}
    where customer_id is not null
    group by customer_id, calendar_year
),

years as (
    select
        customers.customer_id,
        calendar.calendar_year,
        customers.is_known,
        customers.sex,
        customers.birth_year,
        customers.city,
        customers.member_level,
        coalesce(spending.receipts, 0) as receipts,
        coalesce(spending.purchase_days, 0) as purchase_days,
        coalesce(spending.line_count, 0) as line_count,
        coalesce(spending.lines_without_rate, 0) as lines_without_rate,
        coalesce(spending.items, 0) as items,
        case when spending.customer_id is null then 0 else spending.net_spend end as net_spend,
        case when spending.customer_id is null then 0 else spending.discount_amount end
            as discount_amount,
        case when spending.customer_id is null then 0 else spending.refund_amount end
            as refund_amount,
        spending.first_purchase_date,
        spending.last_purchase_date,
        attitudes.survey_answers,
        cast(attitudes.attitude_sum as double) / nullif(attitudes.attitude_answers, 0)
            as attitude_mean_100
    from {{ ref('dim_customer') }} as customers
    inner join {{ ref('int_build__years_listed') }} as calendar
        on calendar.calendar_year >= extract(year from customers.first_seen_date)
    left join {{ ref('int_customers__years_summarised') }} as spending
        on
            customers.customer_id = spending.customer_id
            and calendar.calendar_year = spending.calendar_year
    left join attitudes
        on
            customers.customer_id = attitudes.customer_id
            and calendar.calendar_year = attitudes.calendar_year
)

select
    years.customer_id,
    years.calendar_year as year,
    years.is_known,
    years.sex,
    years.birth_year,
    years.city,
    years.member_level,
    case when years.receipts > 0 then 'active' else 'inactive' end as activity,
    years.receipts,
    years.purchase_days,
    years.line_count,
    years.lines_without_rate,
    cast(years.items as decimal(18, 3)) as items,
    cast(years.net_spend as decimal(18, 2)) as net_spend,
    cast(
        lag(years.net_spend, 1) over (
            partition by years.customer_id order by years.calendar_year asc
        ) as decimal(18, 2)
    ) as net_spend_1_year_before,
    cast(
        lag(years.net_spend, 2) over (
            partition by years.customer_id order by years.calendar_year asc
        ) as decimal(18, 2)
    ) as net_spend_2_years_before,
    cast(years.discount_amount as decimal(18, 2)) as discount_amount,
    cast(years.refund_amount as decimal(18, 2)) as refund_amount,
    years.first_purchase_date,
    years.last_purchase_date,
    cast(years.survey_answers as integer) as survey_answers,
    years.attitude_mean_100,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from years
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on years.calendar_year = coverage.calendar_year
