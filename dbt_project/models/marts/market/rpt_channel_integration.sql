{% set window = 'cast(rules.integration_window_days as integer)' %}
{% set measures = ['net_sales', 'online_share', 'buyers', 'repeat_rate', 'csat_100'] %}

-- Days after a channel opened against the same days 52 weeks before: as many, the same days of the
-- week and the same season; the day of opening is in neither.
with launches as (
    select
        plans.plan_id,
        plans.title,
        plans.done_date as launched_date,
        {{ add_days('plans.done_date', 1) }} as after_from,
        {{ add_days('plans.done_date', window) }} as after_to,
        {{ add_days('plans.done_date', '1 - 364') }} as before_from,
        {{ add_days('plans.done_date', window ~ ' - 364') }} as before_to,
        rules.integration_window_days,
        rules.anonymity_min_cell,
        rules.as_of
    from {{ ref('int_service__plans_linked') }} as plans
    cross join {{ ref('int_channels__rules_dated') }} as rules
    where plans.kind = 'channel' and plans.start_date <= rules.as_of
),

firsts as (
    select min(business_date) as first_date
    from {{ ref('int_sales__lines_kept') }}
),

windows as (
    {% for side in ['before', 'after'] %}
    select
        launches.plan_id,
        '{{ side }}' as side,
        launches.{{ side }}_from as from_date,
        launches.{{ side }}_to as to_date
    from launches
    inner join firsts on launches.before_from >= firsts.first_date
    where launches.after_to <= launches.as_of
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

sold as (
    select
        windows.plan_id,
        windows.side,
        sum(sales.net_amount_chain) as net_sales,
        sum(case when channels.source_class = 'online' then sales.net_amount_chain else 0 end)
            as online_sales
    from windows
    inner join {{ ref('int_sales__lines_kept') }} as sales
        on windows.from_date <= sales.business_date and windows.to_date >= sales.business_date
    left join {{ ref('int_channels__names_mapped') }} as channels
        on sales.channel = channels.channel
    group by windows.plan_id, windows.side
),

visited as (
    select
        windows.plan_id,
        windows.side,
        days.customer_id,
        count(*) as visits
    from windows
    inner join {{ ref('int_sales__customer_days_summarised') }} as days
        on
            windows.from_date <= days.business_date
            and windows.to_date >= days.business_date
            and days.receipts > 0
    group by windows.plan_id, windows.side, days.customer_id
),

bought as (
    select
        plan_id,
        side,
        count(*) as buyers,
        cast(count(case when visits > 1 then 1 end) as double) / count(*) as repeat_rate
    from visited
    group by plan_id, side
),

told as (
    select
        windows.plan_id,
        windows.side,
        count(distinct answers.respondent) as respondents,
        cast(sum(answers.score_100) as double) / count(answers.score_100) as csat_100
    from windows
    inner join {{ ref('int_surveys__ratings_kept') }} as answers
        on
            windows.from_date <= cast(answers.responded_at_local as date)
            and windows.to_date >= cast(answers.responded_at_local as date)
    where
        answers.role = 'satisfaction'
        and answers.dimension = 'overall'
        and answers.subject = 'own'
    group by windows.plan_id, windows.side
),

scored as (
    select
        windows.plan_id,
        windows.side,
        cast(sold.net_sales as double) as net_sales,
        case
            when sold.net_sales > 0
                then
                    cast(sold.online_sales as double)
                    / nullif(cast(sold.net_sales as double), 0)
        end as online_share,
        cast(bought.buyers as double) as buyers,
        bought.repeat_rate,
        case when told.respondents >= rules.anonymity_min_cell then told.csat_100 end as csat_100
    from windows
    cross join {{ ref('int_channels__rules_dated') }} as rules
    left join sold on windows.plan_id = sold.plan_id and windows.side = sold.side
    left join bought on windows.plan_id = bought.plan_id and windows.side = bought.side
    left join told on windows.plan_id = told.plan_id and windows.side = told.side
),

measured as (
    {% for measure in measures %}
    select
        plan_id,
        '{{ measure }}' as measure,
        max(case when side = 'before' then {{ measure }} end) as value_before,
        max(case when side = 'after' then {{ measure }} end) as value_after
    from scored
    group by plan_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

named as (
    {% for measure in measures %}
    select '{{ measure }}' as measure
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    launches.plan_id,
    launches.title,
    named.measure,
    launches.launched_date,
    launches.before_from as before_from_date,
    launches.before_to as before_to_date,
    launches.after_from as after_from_date,
    launches.after_to as after_to_date,
    measured.value_before,
    measured.value_after,
    measured.value_after - measured.value_before as change,
    case
        when launches.plan_id is null then 'no data'
        when launches.launched_date is null then 'insufficient: not launched'
        when launches.after_to > launches.as_of then 'insufficient: too little after'
        when measured.plan_id is null then 'insufficient: too little before'
        when measured.value_before is null or measured.value_after is null
            then 'no data in a window'
        else 'compared'
    end as status,
    case
        when named.measure in ('buyers', 'repeat_rate') then coverage.coverage_pct
    end as coverage_pct,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_build__context_stated') }} as context
cross join named
left join launches on context.as_of = launches.as_of
left join measured
    on launches.plan_id = measured.plan_id and named.measure = measured.measure
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on extract(year from launches.launched_date) = coverage.calendar_year
