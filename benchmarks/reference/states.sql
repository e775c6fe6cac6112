-- What is taken from the states in every run: years, tiers, movements, stages, the customer at a
-- glance, retention, complaint limits, recommendation. Variables: lake (folder), as_of (date).

create or replace table mart_customer_year as
with seen as (
    select customer_id, min(first_seen) as first_seen
    from (
        select customer_id, min(business_date) as first_seen from customer_days group by all
        union all
        select customer_id, min(cast(created_at as date))
        from read_parquet(getvariable('lake') || '/customers/*.parquet') group by all
        union all
        select customer_id, min(cast(received_at as date))
        from read_parquet(getvariable('lake') || '/complaints/*.parquet') group by all
        union all
        select customer_id, min(cast(responded_at as date))
        from read_parquet(getvariable('lake') || '/survey_responses/*.parquet') group by all
    )
    where customer_id is not null
    group by all
),

years as (
    select unnest(range(min(year), year(getvariable('as_of')) + 1)) as year from customer_years
)

select
    seen.customer_id,
    years.year,
    coalesce(spent.receipts, 0) as receipts,
    coalesce(spent.purchase_days, 0) as purchase_days,
    coalesce(spent.line_count, 0) as line_count,
    coalesce(spent.items, 0) as items,
    coalesce(spent.net_spend, 0) as net_spend,
    spent.first_purchase_date,
    spent.last_purchase_date
from seen
inner join years on years.year >= year(seen.first_seen)
left join customer_years as spent
    on seen.customer_id = spent.customer_id and years.year = spent.year;

create or replace table mart_customer_tier as
select
    customer_id,
    year,
    net_spend,
    case
        when receipts = 0 then 'NONE'
        when net_spend >= 3500 then 'A'
        when net_spend < 1500 then 'C'
        else 'B'
    end as tier,
    receipts > 0 and net_spend > 3000 and net_spend < 3500 as gap_flag
from mart_customer_year;

create or replace table mart_tier_movement as
with bought as (
    select customer_id, min(year) as first_year from mart_customer_year where receipts > 0 group by all
)

select
    now.year,
    case
        when was.tier <> 'NONE' then was.tier
        when bought.first_year = now.year then 'NEW'
        else 'NONE'
    end as from_tier,
    case when now.tier = 'NONE' then 'LOST' else now.tier end as to_tier,
    count(*) as customers,
    sum(case when now.tier = 'NONE' then was.net_spend else now.net_spend end) as spend
from mart_customer_tier as now
inner join bought using (customer_id)
left join mart_customer_tier as was
    on now.customer_id = was.customer_id and now.year = was.year + 1
where now.tier <> 'NONE' or was.tier <> 'NONE'
group by all;

create or replace table mart_lifecycle as
with followed as (
    select
        customer_id,
        business_date,
        receipts,
        lag(business_date) over (partition by customer_id order by business_date) as before
    from customer_days
    where receipts > 0
),

known as (
    select
        customer_id,
        min(business_date) as first_date,
        max(business_date) as last_date,
        sum(receipts) as receipts,
        coalesce(sum(receipts) filter (business_date >= getvariable('as_of') - 365), 0)
            as receipts_in_window,
        max(business_date) filter (business_date - before > 365) as reactivated_at
    from followed
    group by all
)

select
    customer_id,
    case
        when getvariable('as_of') - last_date > 365 then 'lost'
        when receipts_in_window >= 2 then 'active'
        when getvariable('as_of') - reactivated_at <= 365 then 'active'
        else 'purchase'
    end as stage5,
    getvariable('as_of') - first_date as tenure_days,
    getvariable('as_of') - last_date as days_since_purchase,
    receipts,
    reactivated_at
from known;

create or replace table mart_customer_360 as
select
    seen.customer_id,
    spent.first_purchase_date,
    spent.last_purchase_date,
    spent.net_spend,
    stages.stage5,
    tiers.tier
from (select distinct customer_id from mart_customer_year) as seen
left join (
    select
        customer_id,
        min(first_purchase_date) as first_purchase_date,
        max(last_purchase_date) as last_purchase_date,
        sum(net_spend) as net_spend
    from customer_years
    group by all
) as spent using (customer_id)
left join mart_lifecycle as stages using (customer_id)
left join mart_customer_tier as tiers
    on seen.customer_id = tiers.customer_id and tiers.year = year(getvariable('as_of'));

create or replace table mart_retention as
with starts as (
    select
        kind,
        unnest(
            generate_series(
                date_trunc('year', first_date),
                date_trunc(kind, getvariable('as_of') + 1) - step,
                step
            )
        )::date as period_start,
        step
    from
        (select min(business_date) as first_date from fct_sales),
        (
            values
            ('month', interval 1 month), ('quarter', interval 3 month), ('year', interval 1 year)
        ) kinds(kind, step)
)

select
    starts.kind as period_kind,
    starts.period_start,
    count(was.customer_id) as base,
    count(now.customer_id) as retained
from starts
left join periods_bought as was
    on starts.kind = was.kind and starts.period_start = was.period_start + starts.step
left join periods_bought as now
    on
        starts.kind = now.kind
        and starts.period_start = now.period_start
        and was.customer_id = now.customer_id
group by all;

create or replace table mart_complaint_sla as
with steps as (
    select
        complaint_id,
        min("at" - interval 8 hour) filter (step in ('confirmed', 'answered')) as first_response_at,
        min("at" - interval 8 hour) filter (step = 'closed') as resolved_at
    from read_parquet(getvariable('lake') || '/complaint_events/*.parquet')
    group by all
),

due as (
    select
        complaint_id,
        received_at + interval 16 hour as due_response,
        received_at + interval 40 hour as due_resolve,
        first_response_at,
        resolved_at,
        getvariable('as_of') + interval 16 hour as judged_at
    from read_parquet(getvariable('lake') || '/complaints/*.parquet')
    left join steps using (complaint_id)
)

select
    complaint_id,
    due_response,
    due_resolve,
    case
        when first_response_at <= due_response then true
        when first_response_at > due_response or judged_at > due_response then false
    end as met_response,
    case
        when resolved_at <= due_resolve then true
        when resolved_at > due_resolve or judged_at > due_resolve then false
    end as met_resolve
from due;

create or replace table mart_nps as
select
    year(responded_at) as year,
    count(*) as n,
    count(*) filter (score >= 9) as promoters,
    count(*) filter (score between 7 and 8) as passives,
    count(*) filter (score < 7) as detractors,
    100 * (promoters - detractors)::double / n as nps
from read_parquet(getvariable('lake') || '/survey_responses/*.parquet')
where dimension = 'recommend'
group by all;
