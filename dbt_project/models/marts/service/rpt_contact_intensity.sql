-- Without the contact log nobody knows how many contacts there were: no figure, not 0.
with receipts as (
    select
        cast(extract(year from business_date) as integer) as calendar_year,
        sum(
            case
                when
                    coalesce(
                        extract(year from earlier_date) < extract(year from business_date), true
                    )
                    then receipts
                else 0
            end
        ) as receipts
    from {{ ref('int_sales__store_days_summarised') }}
    group by extract(year from business_date)
),

contacts as (
    select
        cast(extract(year from contacts.occurred_date) as integer) as calendar_year,
        count(*) as contacts
    from {{ ref('int_service__contacts_localised') }} as contacts
    inner join {{ ref('int_build__context_stated') }} as context
        on contacts.occurred_date <= context.as_of
    group by extract(year from contacts.occurred_date)
),

customers as (
    select
        customer_id,
        calendar_year,
        count(*) as purchase_days,
        count(case when is_followed then 1 end) as followed_days
    from {{ ref('int_service__sales_followed') }}
    group by customer_id, calendar_year
),

followed as (
    select
        calendar_year,
        sum(purchase_days) as purchase_days,
        sum(followed_days) as followed_days,
        count(case when followed_days = 0 then 1 end) as silent_customers
    from customers
    group by calendar_year
)

select
    receipts.calendar_year as year,
    cast(receipts.receipts as integer) as receipts,
    case when delivered.is_delivered then cast(coalesce(contacts.contacts, 0) as integer) end
        as contacts,
    case
        when delivered.is_delivered
            then 1000.0 * coalesce(contacts.contacts, 0) / nullif(receipts.receipts, 0)
    end as contacts_per_1000_receipts,
    cast(followed.purchase_days as integer) as purchase_days_judged,
    case
        when delivered.is_delivered
            then cast(followed.followed_days as double) / followed.purchase_days
    end as post_sale_contact_rate,
    case when delivered.is_delivered then cast(followed.silent_customers as integer) end
        as silent_customers,
    case when delivered.is_delivered then 'measured' else 'no data' end as status,
    coverage.coverage_pct,
    context.as_of
from receipts
inner join {{ ref('int_loads__feeds_delivered') }} as delivered
    on delivered.feed = 'ref_interactions'
cross join {{ ref('int_build__context_stated') }} as context
left join contacts on receipts.calendar_year = contacts.calendar_year
left join followed on receipts.calendar_year = followed.calendar_year
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on receipts.calendar_year = coverage.calendar_year
