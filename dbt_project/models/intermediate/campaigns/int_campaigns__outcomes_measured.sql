-- A line whose product has no cost leaves the margin of its unit unknown, not smaller.
with lines as (
    select
        units.campaign_id,
        units.unit_id,
        sales.business_date >= windows.start_date as is_during,
        sales.net_amount_chain as spend,
        sales.net_amount_chain - cast(sales.qty * products.unit_cost as decimal(18, 2)) as margin,
        products.unit_cost is null as is_without_cost,
        sales.is_refund
    from {{ ref('int_campaigns__units_drawn') }} as units
    inner join {{ ref('int_campaigns__windows_set') }} as windows
        on units.campaign_id = windows.campaign_id
    inner join {{ ref('int_sales__lines_kept') }} as sales
        on
            units.unit_id
            = case units.design when 'stores' then sales.store_id else sales.customer_id end
            and windows.before_start_date <= sales.business_date
            and windows.measured_to_date >= sales.business_date
    left join {{ ref('int_products__series_mapped') }} as products
        on sales.product_code = products.product_code
),

summed as (
    select
        campaign_id,
        unit_id,
        sum(case when not is_during then spend end) as spend_before,
        sum(case when is_during then spend end) as spend_during,
        sum(case when not is_during then margin end) as margin_before,
        sum(case when is_during then margin end) as margin_during,
        max(case when is_without_cost then 1 else 0 end) as is_without_cost,
        max(case when not is_during and not is_refund then 1 else 0 end) as bought_before,
        max(case when is_during and not is_refund then 1 else 0 end) as bought_during
    from lines
    group by campaign_id, unit_id
)

select
    units.campaign_id,
    units.design,
    units.unit_id,
    units.is_treated,
    windows.expected_lift,
    cast(coalesce(summed.spend_before, 0) as double) as spend_before,
    cast(coalesce(summed.spend_during, 0) as double) as spend_during,
    case
        when coalesce(summed.is_without_cost, 0) = 0
            then cast(coalesce(summed.margin_before, 0) as double)
    end as margin_before,
    case
        when coalesce(summed.is_without_cost, 0) = 0
            then cast(coalesce(summed.margin_during, 0) as double)
    end as margin_during,
    cast(coalesce(summed.bought_before, 0) as double) as bought_before,
    cast(coalesce(summed.bought_during, 0) as double) as bought_during
from {{ ref('int_campaigns__units_drawn') }} as units
inner join {{ ref('int_campaigns__windows_set') }} as windows
    on units.campaign_id = windows.campaign_id
left join summed
    on units.campaign_id = summed.campaign_id and units.unit_id = summed.unit_id
