-- One page for every store and month in which it is open; its rank is among the stores open then.
-- A figure of a feed that has nothing is null, one of a store without any is 0.
with months as (
    select distinct {{ month_of('business_date') }} as month_start
    from {{ ref('int_sales__store_days_summarised') }}
),

sold as (
    select
        store_id,
        {{ month_of('business_date') }} as month_start,
        sum(net_sales) as net_sales,
        sum(identified_sales) as identified_sales,
        sum(
            case
                when coalesce(earlier_date < {{ month_of('business_date') }}, true) then receipts
                else 0
            end
        ) as receipts
    from {{ ref('int_sales__store_days_summarised') }}
    group by store_id, {{ month_of('business_date') }}
),

complained as (
    select
        complaints.store_id,
        {{ month_of('complaints.received_date') }} as month_start,
        count(*) as complaints,
        count(case when sla.met_response = false or sla.met_resolve = false then 1 end)
            as sla_breaches
    from {{ ref('fct_complaint') }} as complaints
    inner join {{ ref('mart_complaint_sla') }} as sla
        on complaints.complaint_id = sla.complaint_id
    where complaints.store_id is not null
    group by complaints.store_id, {{ month_of('complaints.received_date') }}
),

open_stores as (
    select
        stores.store_id,
        months.month_start
    from {{ ref('dim_store') }} as stores
    cross join months
    left join sold
        on stores.store_id = sold.store_id and months.month_start = sold.month_start
    where
        sold.store_id is not null
        or (
            stores.opened_date < {{ add_months('months.month_start', 1) }}
            and coalesce(stores.closed_date >= months.month_start, true)
        )
),

packed as (
    select
        open_stores.store_id,
        open_stores.month_start,
        coalesce(sold.net_sales, 0) as net_sales,
        coalesce(sold.identified_sales, 0) as identified_sales,
        coalesce(sold.receipts, 0) as receipts,
        coalesce(counted.customers, 0) as customers,
        case
            when (select count(*) from {{ ref('fct_complaint') }}) > 0
                then coalesce(complained.complaints, 0)
        end as complaints,
        case
            when (select count(*) from {{ ref('fct_complaint') }}) > 0
                then coalesce(complained.sla_breaches, 0)
        end as sla_breaches
    from open_stores
    left join sold
        on
            open_stores.store_id = sold.store_id
            and open_stores.month_start = sold.month_start
    left join {{ ref('int_sales__store_months_counted') }} as counted
        on
            open_stores.store_id = counted.store_id
            and open_stores.month_start = counted.month_start
    left join complained
        on
            open_stores.store_id = complained.store_id
            and open_stores.month_start = complained.month_start
),

compared as (
    select
        *,
        row_number() over (
            partition by month_start
            order by net_sales desc, store_id asc
        ) as sales_rank,
        count(*) over (partition by month_start) as stores,
        lag(net_sales) over (partition by store_id order by month_start asc)
            as net_sales_month_before,
        lag(receipts) over (partition by store_id order by month_start asc)
            as receipts_month_before,
        lag(month_start) over (partition by store_id order by month_start asc) as month_before
    from packed
)

select
    compared.store_id,
    compared.month_start,
    cast(compared.net_sales as decimal(18, 2)) as net_sales,
    cast(compared.receipts as integer) as receipts,
    cast(cast(compared.net_sales as double) / nullif(compared.receipts, 0) as decimal(18, 2))
        as net_sales_per_receipt,
    cast(compared.customers as integer) as customers,
    cast(compared.complaints as integer) as complaints,
    1000 * cast(compared.complaints as double) / nullif(compared.receipts, 0)
        as complaints_per_1000_receipts,
    cast(compared.sla_breaches as integer) as sla_breaches,
    cast(compared.sales_rank as integer) as sales_rank,
    cast(compared.stores as integer) as stores,
    case
        when compared.month_before = {{ add_months('compared.month_start', -1) }}
            then cast(compared.net_sales_month_before as decimal(18, 2))
    end as net_sales_month_before,
    case
        when compared.month_before = {{ add_months('compared.month_start', -1) }}
            then cast(compared.receipts_month_before as integer)
    end as receipts_month_before,
    cast(compared.identified_sales as double) / nullif(cast(compared.net_sales as double), 0)
        as coverage_pct,
    context.chain_currency as currency,
    context.as_of
from compared
cross join {{ ref('int_build__context_stated') }} as context
