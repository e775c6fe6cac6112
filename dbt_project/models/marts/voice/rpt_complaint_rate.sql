-- All types together stand beside the five. A store without sales has no rate.
with receipts as (
    select
        store_id,
        {{ month_of('business_date') }} as month_start,
        sum(
            case
                when coalesce(earlier_date < {{ month_of('business_date') }}, true) then receipts
            end
        ) as receipts
    from {{ ref('int_sales__store_days_summarised') }}
    where receipts > 0
    group by 1, 2
),

complaints as (
    select
        store_id,
        {{ month_of('received_date') }} as month_start,
        complaint_type,
        count(*) as complaints
    from {{ ref('fct_complaint') }}
    where store_id is not null
    group by 1, 2, 3
    union all
    select
        store_id,
        {{ month_of('received_date') }} as month_start,
        'all' as complaint_type,
        count(*) as complaints
    from {{ ref('fct_complaint') }}
    where store_id is not null
    group by 1, 2
),

months as (
    select
        store_id,
        month_start
    from receipts
    union distinct
    select
        store_id,
        month_start
    from complaints
),

types as (
    select complaint_type
    from {{ ref('dim_complaint_type') }}
    union all
    select 'all' as complaint_type
),

rates as (
    select
        months.store_id,
        months.month_start,
        types.complaint_type,
        coalesce(complaints.complaints, 0) as complaints,
        receipts.receipts,
        1000 * cast(coalesce(complaints.complaints, 0) as double) / receipts.receipts
            as complaints_per_1000
    from months
    cross join types
    left join receipts
        on months.store_id = receipts.store_id and months.month_start = receipts.month_start
    left join complaints
        on
            months.store_id = complaints.store_id
            and months.month_start = complaints.month_start
            and types.complaint_type = complaints.complaint_type
)

select
    rates.store_id,
    rates.month_start,
    rates.complaint_type,
    cast(rates.complaints as integer) as complaints,
    cast(rates.receipts as integer) as receipts,
    rates.complaints_per_1000,
    rates.complaints_per_1000 / nullif(before.complaints_per_1000, 0) - 1 as change_on_year,
    cast(benchmarks.low as double) as benchmark_change,
    context.as_of
from rates
cross join {{ ref('int_build__context_stated') }} as context
left join rates as before
    on
        rates.store_id = before.store_id
        and rates.complaint_type = before.complaint_type
        and rates.month_start = {{ add_months('before.month_start', 12) }}
left join {{ ref('int_complaints__benchmarks_quoted') }} as benchmarks
    on benchmarks.code = 'comp_11_complaint_rate'
