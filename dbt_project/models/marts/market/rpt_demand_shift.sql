{% set dimensions = [('region', 'stores.region'), ('line', 'products.series')] %}

-- Quarters that are over, each against the same one of the year before: a dessert has its seasons.
-- Two in a row make a trend.
with sold as (
    select
        store_id,
        product_code,
        {{ quarter_of('month_start') }} as quarter_start,
        sum(net_sales) as net_sales
    from {{ ref('int_sales__product_months_summarised') }}
    group by store_id, product_code, {{ quarter_of('month_start') }}
),

sales as (
    select
        sold.quarter_start,
        coalesce(stores.region, 'unknown') as region,
        coalesce(products.series, 'unknown') as line,
        sold.net_sales
    from sold
    left join {{ ref('dim_store') }} as stores on sold.store_id = stores.store_id
    left join {{ ref('dim_product') }} as products on sold.product_code = products.product_code
),

quarters as (
    select
        period_start as quarter_start,
        {{ add_months('period_start', -12) }} as year_before,
        row_number() over (order by period_start desc) as quarters_ago
    from {{ ref('int_retention__periods_listed') }}
    where period_kind = 'quarter'
),

summed as (
    {% for dimension, _ in dimensions %}
    select
        '{{ dimension }}' as dimension,
        sales.{{ dimension }} as member,
        quarters.quarter_start,
        sum(sales.net_sales) as net_sales
    from sales
    inner join quarters on sales.quarter_start = quarters.quarter_start
    group by sales.{{ dimension }}, quarters.quarter_start
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

members as (
    select distinct
        dimension,
        member
    from summed
),

compared as (
    select
        members.dimension,
        members.member,
        quarters.quarter_start,
        quarters.quarters_ago,
        coalesce(now.net_sales, 0) as net_sales,
        before.net_sales as net_sales_year_before,
        round(
            cast(coalesce(now.net_sales, 0) as double)
            / case when before.net_sales > 0 then cast(before.net_sales as double) end - 1, 9
        ) as change
    from members
    cross join quarters
    left join summed as now
        on
            members.dimension = now.dimension
            and members.member = now.member
            and quarters.quarter_start = now.quarter_start
    left join summed as before
        on
            members.dimension = before.dimension
            and members.member = before.member
            and quarters.year_before = before.quarter_start
),

judged as (
    select
        newest.dimension,
        newest.member,
        newest.quarter_start,
        newest.net_sales,
        newest.net_sales_year_before,
        newest.change,
        earlier.change as change_quarter_before,
        case
            when newest.change is null or earlier.change is null then 'no data'
            when newest.change < 0 and earlier.change < 0 then 'declining'
            when newest.change > 0 and earlier.change > 0 then 'growing'
            else 'mixed'
        end as trend
    from compared as newest
    left join compared as earlier
        on
            newest.dimension = earlier.dimension
            and newest.member = earlier.member
            and earlier.quarters_ago = 2
    where newest.quarters_ago = 1
),

growing as (
    select
        dimension,
        {{ text_list('member', ', ', 'change desc, member asc') }} as members
    from judged
    where trend = 'growing'
    group by dimension
)

select
    judged.dimension,
    judged.member,
    judged.quarter_start,
    cast(judged.net_sales as decimal(18, 2)) as net_sales,
    cast(judged.net_sales_year_before as decimal(18, 2)) as net_sales_year_before,
    judged.change,
    judged.change_quarter_before,
    judged.trend,
    case
        when judged.trend = 'declining'
            then coalesce(growing.members, 'none grows: look outside')
    end as reallocation_candidates,
    context.chain_currency as currency,
    context.as_of
from judged
cross join {{ ref('int_build__context_stated') }} as context
left join growing on judged.dimension = growing.dimension
