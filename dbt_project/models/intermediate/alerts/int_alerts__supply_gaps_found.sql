-- Days on which a store sold anything are counted; a series that it sold on most of the last ones
-- and then on none of the next ones is missing. A store that does not sell at all has other
-- troubles, and a series that was taken off is not missing.
with sold as (
    select
        sales.store_id,
        sales.business_date,
        products.series
    from {{ ref('int_sales__lines_kept') }} as sales
    left join {{ ref('int_products__series_mapped') }} as products
        on sales.product_code = products.product_code
    where not sales.is_refund
    group by sales.store_id, sales.business_date, products.series
),

days as (
    select
        store_id,
        business_date,
        row_number() over (partition by store_id order by business_date asc) as day_no
    from sold
    group by store_id, business_date
),

selling as (
    select
        sold.store_id,
        sold.series,
        days.business_date,
        days.day_no,
        lead(days.business_date) over (
            partition by sold.store_id, sold.series order by days.day_no asc
        ) as next_date,
        lead(days.day_no) over (
            partition by sold.store_id, sold.series order by days.day_no asc
        ) as next_day_no,
        row_number() over (
            partition by sold.store_id, sold.series order by days.day_no asc
        ) as selling_no
    from sold
    inner join days
        on sold.store_id = days.store_id and sold.business_date = days.business_date
    where sold.series is not null
),

-- What is looked for is a column, so that each join is one by keys.
judged as (
    select
        selling.*,
        selling.selling_no - cast(normal.value_number as integer) + 1 as earlier_no,
        selling.day_no - cast(windows.value_number as integer) as before_window_no,
        selling.day_no + cast(gaps.value_number as integer) as opening_no,
        cast(gaps.value_number as double) as gap_days
    from selling
    inner join {{ ref('int_parameters__periods_dated') }} as gaps
        on
            gaps.code = 'supply_gap_days'
            and selling.business_date >= gaps.valid_from
            and selling.business_date < gaps.valid_before
    inner join {{ ref('int_parameters__periods_dated') }} as normal
        on
            normal.code = 'supply_normal_days'
            and selling.business_date >= normal.valid_from
            and selling.business_date < normal.valid_before
    inner join {{ ref('int_parameters__periods_dated') }} as windows
        on
            windows.code = 'supply_window_days'
            and selling.business_date >= windows.valid_from
            and selling.business_date < windows.valid_before
),

taken_off as (
    select
        series,
        case when count(*) = count(sold_to_date) then max(sold_to_date) end as last_date
    from {{ ref('int_products__series_mapped') }}
    where series is not null
    group by series
)

select
    'SUPPLY_GAP' as alert_code,
    'store_series' as entity_type,
    judged.store_id || '/' || judged.series as entity_id,
    openings.business_date as opened_date,
    judged.next_date as closed_date,
    judged.gap_days as alert_value,
    judged.gap_days as threshold,
    case when judged.next_date is not null then 'the series was sold again' end as feedback
from judged
-- Sold on so many days of the window: the first of that many lies in it.
inner join selling as earlier
    on
        judged.store_id = earlier.store_id
        and judged.series = earlier.series
        and judged.earlier_no = earlier.selling_no
        and judged.before_window_no < earlier.day_no
inner join days as openings
    on judged.store_id = openings.store_id and judged.opening_no = openings.day_no
left join taken_off on judged.series = taken_off.series
where
    coalesce(judged.next_day_no > openings.day_no, true)
    and coalesce(taken_off.last_date >= openings.business_date, true)
