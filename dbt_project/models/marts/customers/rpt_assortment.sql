-- Kinds sold in a store and month beside how many of its buyers came back to the chain within the
-- time; a month is told of once that time is over for its last day.
with months as (
    select
        store_id,
        month_start,
        count(distinct product_code) as items_on_sale
    from {{ ref('int_sales__product_months_summarised') }}
    where not is_refund
    group by store_id, month_start
),

visits as (
    select
        store_id,
        customer_id,
        {{ month_of('business_date') }} as month_start,
        max(business_date) as last_visit_date
    from {{ ref('fct_sales') }}
    where customer_id is not null and not is_refund
    group by store_id, customer_id, {{ month_of('business_date') }}
),

days as (
    select
        customer_id,
        business_date,
        lead(business_date) over (partition by customer_id order by business_date asc)
            as next_date
    from {{ ref('int_sales__customer_days_summarised') }}
    where receipts > 0
),

returned as (
    select
        visits.store_id,
        visits.month_start,
        count(*) as buyers,
        count(
            case
                when
                    days.next_date
                    <= {{ add_days(
                        'visits.last_visit_date', 'cast(rules.assortment_return_days as integer)'
                    ) }}
                    then 1
            end
        ) as buyers_returned
    from visits
    cross join {{ ref('int_grading__rules_stated') }} as rules
    inner join days
        on
            visits.customer_id = days.customer_id
            and visits.last_visit_date = days.business_date
    where
        {{ add_days(
            add_months('visits.month_start', 1), 'cast(rules.assortment_return_days as integer)'
        ) }} <= {{ add_days('rules.as_of', 1) }}
    group by visits.store_id, visits.month_start
),

compared as (
    select
        months.store_id,
        months.month_start,
        months.items_on_sale,
        returned.buyers,
        returned.buyers_returned,
        cast(returned.buyers_returned as double) / returned.buyers as return_rate
    from months
    left join returned
        on months.store_id = returned.store_id and months.month_start = returned.month_start
)

select
    now.store_id,
    now.month_start,
    cast(now.items_on_sale as integer) as items_on_sale,
    cast(before.items_on_sale as integer) as items_month_before,
    cast(now.buyers as integer) as buyers,
    cast(now.buyers_returned as integer) as buyers_returned,
    now.return_rate,
    before.return_rate as return_rate_month_before,
    coverage.coverage_pct,
    context.as_of
from compared as now
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on extract(year from now.month_start) = coverage.calendar_year
left join compared as before
    on
        now.store_id = before.store_id
        and now.month_start = {{ add_months('before.month_start', 1) }}
