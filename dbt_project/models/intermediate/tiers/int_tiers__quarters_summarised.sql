-- Twelve months counted back from the day of judgement: 31 December, or as_of in the running year.
with judged as (
    select
        years.calendar_year,
        least(
            cast(cast(years.calendar_year as string) || '-12-31' as date), context.as_of
        ) as judged_date
    from {{ ref('int_build__years_listed') }} as years
    cross join {{ ref('int_build__context_stated') }} as context
),

aged as (
    select
        days.customer_id,
        judged.calendar_year,
        judged.judged_date,
        12 * (extract(year from judged.judged_date) - extract(year from days.business_date))
        + (extract(month from judged.judged_date) - extract(month from days.business_date))
        - case
            when extract(day from days.business_date) > extract(day from judged.judged_date) then 1
            else 0
        end as months_ago,
        days.receipts,
        days.net_spend
    from {{ ref('int_sales__customer_days_summarised') }} as days
    inner join judged
        on
            days.business_date <= judged.judged_date
            and days.business_date > {{ add_months('judged.judged_date', -13) }}
)

select
    customer_id,
    calendar_year,
    judged_date,
    cast(sum(case when months_ago < 3 then net_spend else 0 end) as decimal(18, 2)) as spend_q1,
    cast(sum(case when months_ago between 3 and 5 then net_spend else 0 end) as decimal(18, 2))
        as spend_q2,
    cast(sum(case when months_ago between 6 and 8 then net_spend else 0 end) as decimal(18, 2))
        as spend_q3,
    cast(sum(case when months_ago between 9 and 11 then net_spend else 0 end) as decimal(18, 2))
        as spend_q4,
    cast(sum(case when months_ago < 6 then receipts else 0 end) as integer) as receipts_late_half,
    cast(sum(receipts) as integer) as receipts
from aged
where months_ago < 12
group by customer_id, calendar_year, judged_date
