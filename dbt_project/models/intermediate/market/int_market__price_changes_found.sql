-- The price of a product in a store on a day is the highest asked without a promotion. A change is
-- another one than on its last day of sale there; stores that change alike are one change. A
-- change is compared with the days of its span of dates and of the two beside it: with every day of
-- sale it would take the square of the history.
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

placed as (
    select
        days.*,
        windows.days as window_days,
        windows.as_of,
        cast(
            floor(
                {{ days_between("cast('2000-01-01' as date)", 'days.business_date') }}
                / windows.days
            ) as integer
        ) as span
    from days
    cross join windows
),

followed as (
    select
        *,
        lag(price) over (
            partition by product_code, store_id order by business_date asc
        ) as price_before
    from placed
),

changed as (
    select
        followed.product_code,
        followed.store_id,
        followed.business_date as change_date,
        followed.price_before,
        followed.price,
        {{ add_days('followed.business_date', '-cast(followed.window_days as integer)') }}
            as window_from_date,
        {{ add_days('followed.business_date', 'cast(followed.window_days as integer)') }}
            as window_before_date,
        followed.span + beside.generated_number - 2 as span,
        followed.as_of
    from followed
    cross join ({{ numbers(3) }}) as beside
    where followed.price <> followed.price_before
),

counted as (
    select
        changed.product_code,
        changed.change_date,
        changed.price_before,
        changed.price,
        cast(
            sum(case when placed.business_date = changed.change_date then 1 else 0 end) as bigint
        ) as stores,
        sum(case when placed.business_date < changed.change_date then placed.qty end) as qty_before,
        case
            when max(changed.window_before_date) <= {{ add_days('max(changed.as_of)', 1) }}
                then sum(case when placed.business_date >= changed.change_date then placed.qty end)
        end as qty_after
    from changed
    inner join placed
        on
            changed.product_code = placed.product_code
            and changed.store_id = placed.store_id
            and changed.span = placed.span
            and changed.window_from_date <= placed.business_date
            and changed.window_before_date > placed.business_date
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
