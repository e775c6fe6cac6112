-- A joint campaign names two channels or more, separated by semicolons, in a year in which it runs.
with grouped as (
    select
        customer_id,
        calendar_year,
        case when count(*) > 1 then 'multi' else 'single' end as channel_group,
        sum(net_spend) as net_spend
    from {{ ref('int_channels__customers_summarised') }}
    group by customer_id, calendar_year
),

years as (
    select
        calendar_year,
        channel_group,
        count(*) as customers,
        sum(net_spend) as net_spend
    from grouped
    group by calendar_year, channel_group
),

campaigns as (
    select
        years.calendar_year,
        count(campaigns.campaign_id) as joint_campaigns
    from (select distinct calendar_year from years) as years
    left join {{ ref('int_customers__campaigns_listed') }} as campaigns
        on
            years.calendar_year >= extract(year from campaigns.start_date)
            and years.calendar_year
            <= extract(year from coalesce(campaigns.end_date, campaigns.start_date))
            and {{ text_position("';'", "trim(both '; ' from campaigns.channels)") }} > 0
    group by years.calendar_year
)

select
    years.calendar_year as year,
    years.channel_group,
    cast(years.customers as integer) as customers,
    cast(years.customers as double)
    / sum(years.customers) over (partition by years.calendar_year) as customer_share,
    cast(years.net_spend as decimal(18, 2)) as net_spend,
    cast(cast(years.net_spend as double) / years.customers as decimal(18, 2))
        as net_spend_per_customer,
    case when delivered.is_delivered then cast(campaigns.joint_campaigns as integer) end
        as joint_campaigns,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from years
inner join campaigns on years.calendar_year = campaigns.calendar_year
inner join {{ ref('int_loads__feeds_delivered') }} as delivered
    on delivered.feed = 'ref_campaigns'
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on years.calendar_year = coverage.calendar_year
