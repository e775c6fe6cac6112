-- A customer's gap of the year is the mean over his answers; only named answers meet complaints.
with customers as (
    select
        gaps.calendar_year,
        gaps.customer_id,
        cast(sum(cast(gaps.gap_100 as decimal(18, 6))) as double) / count(*) as gap_100
    from {{ ref('int_value__expectations_compared') }} as gaps
    where gaps.customer_id is not null
    group by gaps.calendar_year, gaps.customer_id
),

complaints as (
    select
        customer_id,
        cast(extract(year from received_date) as integer) as calendar_year,
        count(*) as complaints,
        count(case when cause = 'expectation' then 1 end) as expectation_complaints
    from {{ ref('fct_complaint') }}
    where customer_id is not null
    group by customer_id, extract(year from received_date)
),

banded as (
    select
        customers.calendar_year,
        customers.customer_id,
        case
            when customers.gap_100 <= 0 then 'met'
            when customers.gap_100 < rules.value_gap_band then 'short'
            else 'far short'
        end as gap_band,
        coalesce(complaints.complaints, 0) as complaints,
        coalesce(complaints.expectation_complaints, 0) as expectation_complaints
    from customers
    cross join {{ ref('int_value__rules_dated') }} as rules
    left join complaints
        on
            customers.customer_id = complaints.customer_id
            and customers.calendar_year = complaints.calendar_year
)

select
    banded.calendar_year as year,
    banded.gap_band,
    cast(count(*) as integer) as customers,
    cast(count(case when banded.complaints > 0 then 1 end) as integer) as complaining_customers,
    cast(count(case when banded.complaints > 0 then 1 end) as double) / count(*) as complaint_rate,
    cast(sum(banded.expectation_complaints) as integer) as expectation_complaints,
    context.as_of
from banded
cross join {{ ref('int_build__context_stated') }} as context
group by banded.calendar_year, banded.gap_band, context.as_of
