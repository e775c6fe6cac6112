-- Coverage is places wanted and served, and people known and buying; share is another matter. The
-- change is relative: from 0.50 to 0.66 is a third more.
with regions as (
    select
        period_start,
        count(*) as target_regions,
        sum(is_served) as served_regions
    from {{ ref('int_market__targets_served') }}
    where period_kind = 'year'
    group by period_start
),

bought as (
    select
        years.period_start,
        sold.customer_id,
        max(case when extract(year from years.period_start) = sold.calendar_year then 1 else 0 end)
            as is_active
    from {{ ref('int_retention__periods_listed') }} as years
    inner join {{ ref('int_customers__years_summarised') }} as sold
        on extract(year from years.period_start) >= sold.calendar_year
    where years.period_kind = 'year' and sold.purchase_days > 0
    group by years.period_start, sold.customer_id
),

buyers as (
    select
        period_start,
        count(*) as ever_bought,
        sum(is_active) as active_customers
    from bought
    group by period_start
),

prospects as (
    select
        years.period_start,
        count(distinct prospects.prospect_id) as prospects
    from {{ ref('int_retention__periods_listed') }} as years
    inner join {{ ref('int_customers__prospects_linked') }} as prospects
        on
            years.period_end >= prospects.first_contact_date
            and coalesce(years.period_end < prospects.converted_date, true)
            and coalesce(years.period_end < prospects.lost_date, true)
    where years.period_kind = 'year'
    group by years.period_start
),

measured as (
    select
        years.period_start,
        regions.target_regions,
        regions.served_regions,
        cast(regions.served_regions as double) / nullif(regions.target_regions, 0)
            as coverage_region,
        buyers.ever_bought + coalesce(prospects.prospects, 0) as known_people,
        buyers.active_customers,
        cast(buyers.active_customers as double)
        / nullif(buyers.ever_bought + coalesce(prospects.prospects, 0), 0) as coverage_customer
    from {{ ref('int_retention__periods_listed') }} as years
    left join regions on years.period_start = regions.period_start
    left join buyers on years.period_start = buyers.period_start
    left join prospects on years.period_start = prospects.period_start
    where years.period_kind = 'year'
),

followed as (
    select
        measured.*,
        measured.coverage_region / nullif(before.coverage_region, 0) - 1 as coverage_region_change,
        measured.coverage_customer / nullif(before.coverage_customer, 0) - 1
            as coverage_customer_change
    from measured
    left join measured as before
        on measured.period_start = {{ add_months('before.period_start', 12) }}
)

select
    cast(extract(year from followed.period_start) as integer) as calendar_year,
    cast(followed.target_regions as integer) as target_regions,
    cast(followed.served_regions as integer) as served_regions,
    followed.coverage_region,
    followed.coverage_region_change,
    cast(followed.known_people as integer) as known_people,
    cast(followed.active_customers as integer) as active_customers,
    followed.coverage_customer,
    followed.coverage_customer_change,
    case
        when not delivered.is_delivered then 'ref_market was never delivered'
        when followed.target_regions is null then 'no region is marked as wanted'
    end as region_reason,
    context.as_of
from followed
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_loads__feeds_delivered') }} as delivered on delivered.feed = 'ref_market'
