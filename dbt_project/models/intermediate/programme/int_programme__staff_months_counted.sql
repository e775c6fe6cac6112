-- Turnover of a month: who left in it over who was there on its first day. Churn of a store and
-- month: of the customers whose last purchase before it was made there, those for whom churn_days
-- passed in it, over all who were still held.
with months as (
    select distinct {{ month_of('business_date') }} as month_start
    from {{ ref('int_sales__customer_days_summarised') }}
),

staff as (
    select
        staff.store_id,
        months.month_start,
        count(
            case
                when
                    staff.joined_date <= months.month_start
                    and coalesce(staff.left_date >= months.month_start, true)
                    then 1
            end
        ) as staff_count,
        count(
            case when {{ month_of('staff.left_date') }} = months.month_start then 1 end
        ) as leavers
    from {{ ref('int_programme__staff_listed') }} as staff
    cross join months
    cross join {{ ref('int_build__context_stated') }} as context
    where {{ add_months('months.month_start', 1) }} <= {{ add_days('context.as_of', 1) }}
    group by staff.store_id, months.month_start
),

visits as (
    select distinct
        customer_id,
        store_id,
        business_date
    from {{ ref('int_sales__lines_kept') }}
    where customer_id is not null and not is_refund
),

gaps as (
    select
        visits.customer_id,
        visits.store_id,
        visits.business_date,
        lead(visits.business_date) over (
            partition by visits.customer_id
            order by visits.business_date asc, visits.store_id asc
        ) as next_date,
        {{ add_days('visits.business_date', 'cast(rules.churn_days as integer)') }} as lost_date
    from visits
    cross join {{ ref('int_programme__rules_dated') }} as rules
),

-- Held on the first day of each month after that of the visit, until the next visit or the loss.
spans as (
    select
        store_id,
        {{ month_of('business_date') }} as visit_month,
        {{ month_of('least(lost_date, coalesce(next_date, lost_date))') }} as last_month,
        coalesce(next_date > lost_date, true) as is_lost
    from gaps
),

held as (
    select
        store_id,
        visit_month,
        last_month,
        is_lost,
        count(*) as customers
    from spans
    group by store_id, visit_month, last_month, is_lost
),

customers as (
    select
        held.store_id,
        months.month_start,
        sum(held.customers) as held,
        sum(
            case
                when held.is_lost and held.last_month = months.month_start then held.customers
                else 0
            end
        ) as lost
    from held
    inner join months
        on held.visit_month < months.month_start and held.last_month >= months.month_start
    group by held.store_id, months.month_start
)

select
    staff.store_id,
    staff.month_start,
    cast(staff.staff_count as integer) as staff_count,
    cast(staff.leavers as integer) as leavers,
    cast(staff.leavers as double) / nullif(staff.staff_count, 0) as staff_turnover,
    cast(coalesce(customers.held, 0) as integer) as customers_held,
    cast(coalesce(customers.lost, 0) as integer) as customers_lost,
    cast(customers.lost as double) / nullif(customers.held, 0) as customer_churn
from staff
left join customers
    on staff.store_id = customers.store_id and staff.month_start = customers.month_start
