-- The cost of serving is shared among the receipts of the store and period, of everybody; that of a
-- contact belongs to the customer it was made with.
-- A table: the values, the economics and the cost to serve read it.
{{ config(materialized='table') }}

with costs as (
    select
        finance.store_id,
        finance.period as period_from,
        case finance.period_kind
            when 'month' then {{ add_months('finance.period', 1) }}
            when 'quarter' then {{ add_months('finance.period', 3) }}
            else {{ add_months('finance.period', 12) }}
        end as period_before,
        sum(finance.amount) as amount
    from {{ ref('stg_reference__finance') }} as finance
    inner join {{ ref('int_build__context_stated') }} as context
        on finance.currency = context.chain_currency and finance.period <= context.as_of
    where finance.account = 'service_cost'
    group by finance.store_id, finance.period, finance.period_kind
),

-- Outside of the periods that have costs no receipt is counted.
receipts as (
    select
        sales.store_id,
        sales.business_date,
        sales.customer_id,
        count(distinct sales.receipt_id) as receipts
    from {{ ref('int_sales__lines_kept') }} as sales
    inner join (
        select
            min(period_from) as first_date,
            max(period_before) as end_date
        from costs
    ) as known
        on sales.business_date >= known.first_date and sales.business_date < known.end_date
    where not sales.is_refund
    group by sales.store_id, sales.business_date, sales.customer_id
),

-- Costs of all stores are shared by all receipts, which stand under that name too: else each
-- receipt is compared with each cost.
placed as (
    select
        store_id,
        business_date,
        customer_id,
        receipts
    from receipts
    union all
    select
        'all' as store_id,
        business_date,
        customer_id,
        receipts
    from receipts
),

served as (
    select
        costs.store_id,
        costs.period_from,
        costs.period_before,
        costs.amount,
        receipts.customer_id,
        cast(extract(year from costs.period_from) as integer) as calendar_year,
        sum(receipts.receipts) as receipts
    from costs
    left join placed as receipts
        on
            costs.store_id = receipts.store_id
            and costs.period_from <= receipts.business_date
            and costs.period_before > receipts.business_date
    group by
        costs.store_id, costs.period_from, costs.period_before, costs.amount,
        receipts.customer_id
),

shared as (
    select
        customer_id,
        calendar_year,
        receipts is null as is_unshared,
        case
            when receipts is null then cast(amount as double)
            else
                cast(amount as double) * receipts
                / sum(receipts) over (partition by store_id, period_from, period_before)
        end as amount
    from served
),

contacts as (
    select
        contacts.customer_id,
        cast(extract(year from contacts.occurred_at) as integer) as calendar_year,
        sum(coalesce(contacts.cost, 0) + coalesce(contacts.gift_value, 0)) as amount
    from {{ ref('int_customers__interactions_linked') }} as contacts
    inner join {{ ref('int_build__context_stated') }} as context
        on cast(contacts.occurred_at as date) <= context.as_of
    where contacts.cost is not null or contacts.gift_value is not null
    group by contacts.customer_id, cast(extract(year from contacts.occurred_at) as integer)
)

select
    customer_id,
    calendar_year,
    is_unshared,
    'service' as cost_kind,
    cast(sum(cast(amount as decimal(18, 6))) as decimal(18, 4)) as amount
from shared
group by customer_id, calendar_year, is_unshared
union all
select
    customer_id,
    calendar_year,
    false as is_unshared,
    'contact' as cost_kind,
    cast(amount as decimal(18, 4)) as amount
from contacts
