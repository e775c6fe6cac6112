-- A table: its tests and the report read it. One indicator a quarter for each of the five measures;
-- null where it cannot be measured.
{{ config(materialized='table') }}

with quarters as (
    select
        period_start,
        period_end
    from {{ ref('int_retention__periods_listed') }}
    where period_kind = 'quarter'
),

receipts as (
    select
        quarters.period_start,
        sum(
            case
                when coalesce(days.earlier_date < quarters.period_start, true) then days.receipts
            end
        ) as receipts
    from quarters
    inner join {{ ref('int_sales__store_days_summarised') }} as days
        on days.business_date between quarters.period_start and quarters.period_end
    group by quarters.period_start
),

complaints as (
    select
        quarters.period_start,
        count(case when received.complaint_type = 'quality' then 1 end) as quality_complaints,
        count(case when steps.resolved_at <= limits.due_resolve then 1 end) as solved_in_time,
        count(*) as complaints
    from quarters
    inner join {{ ref('int_complaints__received_localised') }} as received
        on
            cast(received.received_at_local as date)
            between quarters.period_start and quarters.period_end
    inner join {{ ref('int_complaints__limits_dated') }} as limits
        on received.complaint_id = limits.complaint_id
    left join {{ ref('int_complaints__steps_pivoted') }} as steps
        on received.complaint_id = steps.complaint_id
    group by quarters.period_start
),

staff as (
    select
        quarters.period_start,
        cast(sum(voices.sentiment) as double) / count(*) as mean_sentiment
    from quarters
    inner join {{ ref('stg_reference__feedback') }} as voices
        on cast(voices.posted_at as date) between quarters.period_start and quarters.period_end
    where voices.author = 'staff' and voices.sentiment is not null
    group by quarters.period_start
),

packs as (
    select
        quarters.period_start,
        count(distinct people.store_id) as stores_reached
    from quarters
    inner join {{ ref('stg_reference__read_receipts') }} as receipts
        on receipts.report_date between quarters.period_start and quarters.period_end
    inner join {{ ref('stg_reference__staff') }} as people
        on receipts.reader_id = people.staff_id and people.record_kind = 'person'
    where receipts.report = 'rpt_unit_pack' and people.store_id is not null
    group by quarters.period_start
),

stores as (
    select
        quarters.period_start,
        count(*) as stores
    from quarters
    inner join {{ ref('int_stores__details_stated') }} as stores
        on
            quarters.period_end >= stores.opened_date
            and coalesce(stores.closed_date, cast('9999-12-31' as date)) >= quarters.period_start
    group by quarters.period_start
),

waves as (
    select
        quarters.period_start,
        count(distinct answers.wave_id) as waves
    from quarters
    inner join {{ ref('int_surveys__identities_removed') }} as answers
        on answers.responded_month between quarters.period_start and quarters.period_end
    group by quarters.period_start
)

select
    quarters.period_start,
    'total_quality_management' as measure,
    '全面质量管理' as measure_zh,
    'quality complaints per 1,000 receipts' as indicator,
    1000.0 * coalesce(complaints.quality_complaints, 0) / nullif(receipts.receipts, 0) as value,
    'no receipt in the quarter' as reason_if_missing
from quarters
left join receipts on quarters.period_start = receipts.period_start
left join complaints on quarters.period_start = complaints.period_start
union all
select
    quarters.period_start,
    'complaint_management' as measure,
    '投诉管理' as measure_zh,
    'share of complaints solved in time' as indicator,
    cast(complaints.solved_in_time as double) / nullif(complaints.complaints, 0) as value,
    'no complaint in the quarter' as reason_if_missing
from quarters
left join complaints on quarters.period_start = complaints.period_start
union all
select
    quarters.period_start,
    'staff_satisfaction' as measure,
    '员工满意' as measure_zh,
    'mean sentiment of staff feedback, -1 to 1' as indicator,
    staff.mean_sentiment as value,
    'no staff feedback with a sentiment in the quarter' as reason_if_missing
from quarters
left join staff on quarters.period_start = staff.period_start
union all
select
    quarters.period_start,
    'customer_centred_organisation' as measure,
    '以客户为中心的组织' as measure_zh,
    'share of stores that read their unit pack' as indicator,
    cast(packs.stores_reached as double) / nullif(stores.stores, 0) as value,
    'no read receipt of a unit pack in the quarter' as reason_if_missing
from quarters
left join packs on quarters.period_start = packs.period_start
left join stores on quarters.period_start = stores.period_start
union all
select
    quarters.period_start,
    'relation_evaluation' as measure,
    '客户关系评价体系' as measure_zh,
    'survey waves held' as indicator,
    cast(waves.waves as double) as value,
    'no survey answer in the quarter' as reason_if_missing
from quarters
left join waves on quarters.period_start = waves.period_start
