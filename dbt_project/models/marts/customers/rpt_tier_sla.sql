-- Tiers differ in the care they are offered, never in the time limits of their complaints.
with handled as (
    select
        cast(extract(year from complaints.received_date) as integer) as complaint_year,
        case
            when complaints.customer_id is null then 'ANONYMOUS'
            else coalesce(tiers.tier, 'UNRATED')
        end as tier,
        sla.due_response,
        sla.due_resolve,
        sla.met_response,
        sla.met_resolve,
        cast({{ seconds_between('sla.received_at', 'sla.due_response') }} as double) / 3600
            as response_limit_hours,
        cast({{ seconds_between('sla.received_at', 'sla.due_resolve') }} as double) / 3600
            as resolve_limit_hours,
        sla.as_of
    from {{ ref('mart_complaint_sla') }} as sla
    inner join {{ ref('fct_complaint') }} as complaints
        on sla.complaint_id = complaints.complaint_id
    left join {{ ref('mart_customer_tier') }} as tiers
        on
            complaints.customer_id = tiers.customer_id
            and extract(year from complaints.received_date) = tiers.year
)

select
    complaint_year as year,
    tier,
    cast(count(*) as integer) as complaints,
    cast(count(case when due_response is null or due_resolve is null then 1 end) as integer)
        as complaints_without_limit,
    min(response_limit_hours) as shortest_response_limit_hours,
    max(response_limit_hours) as longest_response_limit_hours,
    min(resolve_limit_hours) as shortest_resolve_limit_hours,
    max(resolve_limit_hours) as longest_resolve_limit_hours,
    cast(count(case when met_response then 1 end) as double)
    / nullif(count(met_response), 0) as met_response_share,
    cast(count(case when met_resolve then 1 end) as double)
    / nullif(count(met_resolve), 0) as met_resolve_share,
    as_of
from handled
group by complaint_year, tier, as_of
