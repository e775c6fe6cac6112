-- A campaign promotes the products that it names, else those sold with its code. A day's price is
-- what was paid for a unit on average, refunds aside.
with rules as (
    select
        context.as_of,
        max(case when dated.code = 'promo_window_days' then dated.value_number end) as window_days,
        max(case when dated.code = 'promo_return_days' then dated.value_number end) as return_days,
        max(case when dated.code = 'promo_price_tolerance' then dated.value_number end)
            as tolerance
    from {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_parameters__periods_dated') }} as dated
        on context.as_of >= dated.valid_from and context.as_of < dated.valid_before
    group by context.as_of
),

campaigns as (
    select
        campaigns.*,
        rules.as_of,
        rules.window_days,
        rules.return_days,
        rules.tolerance
    from {{ ref('stg_reference__campaigns') }} as campaigns
    inner join rules on campaigns.end_date < rules.as_of
),

promoted as (
    select distinct
        campaigns.campaign_id,
        products.product_code
    from campaigns
    inner join {{ ref('int_products__series_mapped') }} as products
        on {{ text_position(
            "';' || products.product_code || ';'",
            "';' || replace(campaigns.product_codes, ' ', '') || ';'"
        ) }} > 0
    union
    select distinct
        campaigns.campaign_id,
        sales.product_code
    from campaigns
    inner join {{ ref('int_sales__lines_kept') }} as sales
        on
            campaigns.promo_code = sales.promo_code
            and campaigns.start_date <= sales.business_date
            and campaigns.end_date >= sales.business_date
    where campaigns.product_codes is null and sales.product_code is not null
),

days as (
    select
        product_code,
        business_date,
        sum(net_amount_chain) as net_sales,
        sum(qty) as qty
    from {{ ref('int_sales__lines_kept') }}
    where not is_refund and qty > 0 and net_amount_chain is not null
    group by product_code, business_date
),

placed as (
    select
        promoted.campaign_id,
        promoted.product_code,
        days.business_date,
        days.net_sales,
        days.qty,
        case
            when days.business_date < campaigns.start_date then 'before'
            when days.business_date <= campaigns.end_date then 'during'
            else 'after'
        end as phase,
        {{ days_between('campaigns.end_date', 'days.business_date') }} as days_after,
        campaigns.tolerance
    from promoted
    inner join campaigns on promoted.campaign_id = campaigns.campaign_id
    inner join days
        on
            promoted.product_code = days.product_code
            and {{ days_between('days.business_date', 'campaigns.start_date') }}
            <= campaigns.window_days
            and {{ days_between('campaigns.end_date', 'days.business_date') }}
            <= campaigns.window_days
),

phases as (
    select
        campaign_id,
        product_code,
        {% for phase in ['before', 'during', 'after'] %}
        cast(sum(case when phase = '{{ phase }}' then net_sales end) as double)
        / nullif(cast(sum(case when phase = '{{ phase }}' then qty end) as double), 0)
            as price_{{ phase }},
        sum(case when phase = '{{ phase }}' then net_sales end) as sales_{{ phase }},
        {% endfor %}
        max(tolerance) as tolerance
    from placed
    group by campaign_id, product_code
),

returned as (
    select
        placed.campaign_id,
        placed.product_code,
        min(placed.days_after) as days_to_return
    from placed
    inner join phases
        on
            placed.campaign_id = phases.campaign_id
            and placed.product_code = phases.product_code
            and round(cast(placed.net_sales as double) / cast(placed.qty as double), 9)
            >= round(phases.price_before * (1 - phases.tolerance), 9)
    where placed.phase = 'after'
    group by placed.campaign_id, placed.product_code
)

select
    promoted.campaign_id,
    promoted.product_code,
    campaigns.start_date,
    campaigns.end_date,
    phases.price_before,
    phases.price_during,
    phases.price_after,
    phases.sales_before,
    phases.sales_after,
    returned.days_to_return,
    campaigns.advertised_price,
    campaigns.product_codes like '%;%' as is_bundle,
    returned.days_to_return <= campaigns.return_days as is_returned,
    {{ days_between('campaigns.end_date', 'campaigns.as_of') }} >= campaigns.return_days
        as is_return_due,
    {{ days_between('campaigns.end_date', 'campaigns.as_of') }} >= campaigns.window_days
        as is_over
from promoted
inner join campaigns on promoted.campaign_id = campaigns.campaign_id
left join phases
    on
        promoted.campaign_id = phases.campaign_id
        and promoted.product_code = phases.product_code
left join returned
    on
        promoted.campaign_id = returned.campaign_id
        and promoted.product_code = returned.product_code
