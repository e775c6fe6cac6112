-- A table: its tests and the report read it.
{{ config(materialized='table') }}

-- Three indicators for every month and region, whatever was delivered: a missing figure is a row
-- without a value that says so.
with regions as (
    select
        store_id,
        coalesce(region, 'no region') as store_group
    from {{ ref('int_stores__details_stated') }}
),

months as (
    select distinct
        regions.store_group,
        {{ month_of('days.business_date') }} as month_start
    from {{ ref('int_sales__store_days_summarised') }} as days
    inner join regions on days.store_id = regions.store_id
),

receipts as (
    select
        regions.store_group,
        {{ month_of('days.business_date') }} as month_start,
        sum(
            case
                when
                    coalesce(days.earlier_date < {{ month_of('days.business_date') }}, true)
                    then days.receipts
            end
        ) as receipts
    from {{ ref('int_sales__store_days_summarised') }} as days
    inner join regions on days.store_id = regions.store_id
    where days.receipts > 0
    group by regions.store_group, {{ month_of('days.business_date') }}
),

begun as (
    select min(cast(received_at_local as date)) as complaints_from
    from {{ ref('int_complaints__received_localised') }}
),

defects as (
    select
        regions.store_group,
        {{ month_of('days.received_date') }} as month_start,
        sum(days.complaints) as complaints
    from {{ ref('int_complaints__days_counted') }} as days
    inner join regions on days.store_id = regions.store_id
    where days.complaint_type = 'quality'
    group by regions.store_group, {{ month_of('days.received_date') }}
),

satisfaction as (
    select
        regions.store_group,
        answers.responded_month as month_start,
        count(*) as answers,
        cast(sum(answers.score_100) as double) as score_sum
    from {{ ref('int_surveys__identities_removed') }} as answers
    inner join regions on answers.store_id = regions.store_id
    where
        answers.dimension = 'overall'
        and answers.subject = 'own'
        and answers.score_100 is not null
    group by regions.store_group, answers.responded_month
),

employed as (
    select
        months.store_group,
        months.month_start,
        count(distinct staff.staff_id) as staff,
        count(distinct training.staff_id) as trained_staff
    from months
    inner join regions on months.store_group = regions.store_group
    inner join {{ ref('stg_reference__staff') }} as staff
        on
            regions.store_id = staff.store_id
            and staff.record_kind = 'person'
            and coalesce(staff.joined_date, months.month_start)
            < {{ add_months('months.month_start', 1) }}
            and coalesce(staff.left_date, {{ add_months('months.month_start', 1) }})
            >= {{ add_months('months.month_start', 1) }}
    left join {{ ref('stg_reference__training') }} as training
        on
            staff.staff_id = training.staff_id
            and training.has_passed
            and training.held_date < {{ add_months('months.month_start', 1) }}
    group by months.store_group, months.month_start
),

cells as (
    select
        as_of,
        anonymity_min_cell
    from {{ ref('int_feedback__rules_dated') }}
)

select
    months.store_group,
    months.month_start,
    'defect_complaints_per_1000' as indicator,
    case
        when {{ add_months('months.month_start', 1) }} > begun.complaints_from
            then
                1000 * cast(coalesce(defects.complaints, 0) as double)
                / nullif(receipts.receipts, 0)
    end as indicator_value,
    cast(
        case
            when {{ add_months('months.month_start', 1) }} > begun.complaints_from
                then receipts.receipts
        end as integer
    ) as n
from months
cross join begun
left join receipts
    on months.store_group = receipts.store_group and months.month_start = receipts.month_start
left join defects
    on months.store_group = defects.store_group and months.month_start = defects.month_start
union all
select
    months.store_group,
    months.month_start,
    'trained_staff_share' as indicator,
    cast(employed.trained_staff as double) / nullif(employed.staff, 0) as indicator_value,
    cast(employed.staff as integer) as n
from months
left join employed
    on months.store_group = employed.store_group and months.month_start = employed.month_start
union all
select
    months.store_group,
    months.month_start,
    'csat_mean_100' as indicator,
    {{ large_cell(
        'satisfaction.score_sum / satisfaction.answers', 'satisfaction.answers',
        'cells.anonymity_min_cell'
    ) }} as indicator_value,
    cast(
        {{ large_cell(
            'satisfaction.answers', 'satisfaction.answers', 'cells.anonymity_min_cell'
        ) }} as integer
    ) as n
from months
cross join cells
left join satisfaction
    on
        months.store_group = satisfaction.store_group
        and months.month_start = satisfaction.month_start
