-- Customers stand with whoever looks after them on as_of, with all that they spent and said in the
-- window; improvements with who answers for them. A team is the sum of its people.
with windows as (
    select
        as_of,
        anonymity_min_cell,
        {{ add_days('as_of', '-cast(team_window_days as integer)') }} as eve,
        {{ add_days('as_of', '-2 * cast(team_window_days as integer)') }} as eve_before
    from {{ ref('int_performance__rules_dated') }}
),

spent as (
    select
        days.customer_id,
        sum(case when days.business_date > windows.eve then days.net_spend end) as spend,
        sum(case when days.business_date <= windows.eve then days.net_spend end)
            as spend_before,
        sum(case when days.business_date > windows.eve then days.receipts else 0 end) as receipts,
        sum(case when days.business_date <= windows.eve then days.receipts else 0 end)
            as receipts_before
    from {{ ref('int_sales__customer_days_summarised') }} as days
    inner join windows
        on days.business_date > windows.eve_before and days.business_date <= windows.as_of
    group by days.customer_id
),

answered as (
    select
        ratings.customer_id,
        count(*) as answers,
        sum(ratings.score_100) as points
    from {{ ref('int_surveys__ratings_kept') }} as ratings
    inner join windows
        on
            cast(ratings.responded_at_local as date) > windows.eve
            and cast(ratings.responded_at_local as date) <= windows.as_of
    where
        ratings.role = 'satisfaction' and ratings.dimension = 'overall'
        and ratings.subject = 'own' and ratings.customer_id is not null
    group by ratings.customer_id
),

looked_after as (
    select
        held.team,
        held.staff_id,
        1 as customers,
        case when spent.receipts_before > 0 then 1 else 0 end as customers_before,
        case when spent.receipts_before > 0 and spent.receipts > 0 then 1 else 0 end
            as customers_kept,
        spent.spend,
        spent.spend_before,
        coalesce(answered.answers, 0) as answers,
        answered.points,
        0 as improvements_measured,
        0 as improvements_better
    from {{ ref('int_performance__accounts_held') }} as held
    left join spent on held.customer_id = spent.customer_id
    left join answered on held.customer_id = answered.customer_id
    union all
    select
        coalesce(people.team, 'unknown') as team,
        improvements.owner_id as staff_id,
        0 as customers,
        0 as customers_before,
        0 as customers_kept,
        null as spend,
        null as spend_before,
        0 as answers,
        null as points,
        1 as improvements_measured,
        case
            when kpis.direction = 'down' and improvements.effect < 0 then 1
            when coalesce(kpis.direction, 'up') = 'up' and improvements.effect > 0 then 1
            else 0
        end as improvements_better
    from {{ ref('rpt_improvements') }} as improvements
    left join {{ ref('int_performance__people_listed') }} as people
        on improvements.owner_id = people.staff_id
    left join {{ ref('int_performance__kpis_listed') }} as kpis
        on improvements.metric = kpis.kpi
    where improvements.owner_id is not null and improvements.effect_status = 'measured'
),

people as (
    select
        team,
        staff_id,
        sum(customers) as customers,
        sum(customers_before) as customers_before,
        sum(customers_kept) as customers_kept,
        sum(spend) as spend,
        sum(spend_before) as spend_before,
        sum(answers) as answers,
        sum(points) as points,
        sum(improvements_measured) as improvements_measured,
        sum(improvements_better) as improvements_better
    from looked_after
    group by team, staff_id
),

told as (
    select
        'person' as level,
        *
    from people
    union all
    select
        'team' as level,
        team,
        'all' as staff_id,
        sum(customers) as customers,
        sum(customers_before) as customers_before,
        sum(customers_kept) as customers_kept,
        sum(spend) as spend,
        sum(spend_before) as spend_before,
        sum(answers) as answers,
        sum(points) as points,
        sum(improvements_measured) as improvements_measured,
        sum(improvements_better) as improvements_better
    from people
    group by team
)

select
    told.level,
    told.team,
    told.staff_id,
    cast(told.customers as integer) as customers,
    cast(told.customers_before as integer) as customers_before,
    cast(told.customers_kept as integer) as customers_kept,
    cast(told.customers_kept as double) / nullif(told.customers_before, 0) as retention_rate,
    cast(told.spend as decimal(18, 2)) as net_spend,
    cast(told.spend_before as decimal(18, 2)) as net_spend_before,
    cast(told.spend as double) / nullif(cast(told.spend_before as double), 0) - 1 as growth,
    cast(told.answers as integer) as answers,
    case
        when told.answers >= windows.anonymity_min_cell
            then cast(told.points as double) / told.answers
    end as csat_mean_100,
    cast(told.improvements_measured as integer) as improvements_measured,
    cast(told.improvements_better as integer) as improvements_better,
    coverage.coverage_pct,
    windows.as_of
from told
cross join windows
left join {{ ref('int_sales__coverage_totalled') }} as coverage on 1 = 1
