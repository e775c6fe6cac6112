-- The price of a product in a store on a day is the highest asked without a promotion. A change is
-- another one than on its last day of sale there; stores that change alike are one change.
with days as (
    select
        product_code,
        store_id,
        business_date,
        max(unit_price) as price,
        sum(qty) as qty
    from {{ ref('int_sales__lines_kept') }}
    where promo_code is null and not is_refund and qty > 0 and product_code is not null
    group by product_code, store_id, business_date
),

followed as (
    select
        *,
        lag(price) over (
            partition by product_code, store_id order by business_date asc
        ) as price_before
    from days
),

changed as (
    select
        product_code,
        store_id,
        business_date as change_date,
        price_before,
        price
    from followed
    where price <> price_before
),

windows as (
    select
        context.as_of,
        dated.value_number as days
    from {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_parameters__periods_dated') }} as dated
        on
            dated.code = 'promo_window_days'
            and context.as_of >= dated.valid_from
            and context.as_of < dated.valid_before
),

counted as (
    select
        changed.product_code,
        changed.change_date,
        changed.price_before,
        changed.price,
        count(distinct changed.store_id) as stores,
        sum(case when days.business_date < changed.change_date then days.qty end) as qty_before,
        case
            when
                {{ days_between('changed.change_date', 'max(windows.as_of)') }} + 1
                >= max(windows.days)
                then sum(case when days.business_date >= changed.change_date then days.qty end)
        end as qty_after
    from changed
    cross join windows
    inner join days
        on
            changed.product_code = days.product_code
            and changed.store_id = days.store_id
            and {{ days_between('days.business_date', 'changed.change_date') }} <= windows.days
            and {{ days_between('changed.change_date', 'days.business_date') }} < windows.days
    group by changed.product_code, changed.change_date, changed.price_before, changed.price
),

named as (
    select
        counted.product_code,
        counted.change_date,
        min(campaigns.campaign_id) as campaign_id
    from counted
    inner join {{ ref('stg_reference__campaigns') }} as campaigns
        on
            counted.change_date >= campaigns.start_date
            and coalesce(counted.change_date <= campaigns.end_date, true)
            and {{ text_position(
                "';' || counted.product_code || ';'",
                "';' || replace(campaigns.product_codes, ' ', '') || ';'"
            ) }} > 0
    group by counted.product_code, counted.change_date
)

-- The aim and the method are those of the campaign that names the product on the day; a price that
-- any product list ever named is a list price.
select
    counted.product_code,
    counted.change_date,
    counted.price_before,
    counted.price,
    counted.stores,
    counted.qty_before,
    counted.qty_after,
    named.campaign_id,
    campaigns.goal_metric as aim,
    case
        when named.campaign_id is not null then campaigns.tactic
        when lists.list_price is not null then 'list price'
        else 'off the list'
    end as method
from counted
left join named
    on
        counted.product_code = named.product_code
        and counted.change_date = named.change_date
left join {{ ref('stg_reference__campaigns') }} as campaigns
    on named.campaign_id = campaigns.campaign_id
left join {{ ref('stg_reference__list_prices') }} as lists
    on counted.product_code = lists.product_code and counted.price = lists.list_price
