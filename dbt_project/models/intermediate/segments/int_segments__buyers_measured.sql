-- Every buyer twice: as of today, and as of a horizon ago, beside what was then still to come. The
-- second is what models learn from; no figure of it uses a day after its measured_to.
-- A table: scores, features and marts read it.
{{ config(materialized='table') }}

with dates as (
    select
        as_of as measured_to,
        true as is_current,
        window_days,
        horizon_days
    from {{ ref('int_segments__rules_dated') }}
    union all
    select
        {{ add_days('as_of', '-cast(horizon_days as integer)') }} as measured_to,
        false as is_current,
        window_days,
        horizon_days
    from {{ ref('int_segments__rules_dated') }}
),

-- What costs nothing is given and not bought.
lines as (
    select
        sales.customer_id,
        sales.business_date,
        sales.store_id,
        sales.store_id || ' ' || sales.receipt_id as receipt,
        products.series,
        sales.net_amount_chain as net_amount,
        sales.net_amount_chain + coalesce(sales.discount_chain, 0) as listed_amount,
        sales.net_amount_chain - cast(sales.qty * products.unit_cost as decimal(18, 2)) as margin,
        not sales.is_refund and sales.unit_price > 0 as is_purchase,
        coalesce(sales.discount, 0) = 0 and sales.promo_code is null as is_full_price,
        {{ iso_weekday('sales.business_date') }} >= 6 as is_weekend
    from {{ ref('int_sales__lines_kept') }} as sales
    left join {{ ref('int_products__series_mapped') }} as products
        on sales.product_code = products.product_code
    where sales.customer_id is not null
),

-- One row per receipt and date first: distinct receipts are dear to count among lines.
receipts as (
    select
        customer_id,
        business_date,
        store_id,
        receipt,
        is_weekend,
        max(case when is_purchase then 1 else 0 end) = 1 as is_purchase,
        sum(net_amount) as net_amount,
        sum(case when is_purchase then net_amount end) as gross_amount,
        sum(margin) as margin,
        count(*) - count(margin) as lines_without_margin,
        sum(case when is_purchase then listed_amount end) as listed_amount,
        sum(case when is_purchase and is_full_price then listed_amount end) as full_price_amount
    from lines
    group by customer_id, business_date, store_id, receipt, is_weekend
),

dated as (
    select
        receipts.*,
        dates.measured_to,
        dates.is_current,
        {{ days_between('receipts.business_date', 'dates.measured_to') }} < dates.window_days
            as is_in_window
    from receipts
    inner join dates on receipts.business_date <= dates.measured_to
),

summed as (
    select
        measured_to,
        is_current,
        customer_id,
        min(case when is_purchase then business_date end) as first_purchase_date,
        max(case when is_purchase then business_date end) as last_purchase_date,
        count(distinct case when is_purchase then receipt end) as receipts,
        sum(net_amount) as net_spend,
        sum(gross_amount) as gross_spend,
        count(distinct case when is_purchase and is_in_window then receipt end)
            as receipts_window,
        sum(case when is_in_window then net_amount end) as net_spend_window,
        sum(case when is_in_window then margin end) as margin_window,
        sum(case when is_in_window then lines_without_margin else 0 end) as lines_without_margin,
        sum(listed_amount) as listed_amount,
        sum(full_price_amount) as full_price_amount,
        count(distinct case when is_purchase then store_id end) as stores_visited,
        count(distinct case when is_purchase and is_weekend then receipt end) as weekend_receipts
    from dated
    group by measured_to, is_current, customer_id
),

series as (
    select
        dates.measured_to,
        dates.is_current,
        firsts.customer_id,
        count(*) as series_bought
    from (
        select
            customer_id,
            series,
            min(business_date) as first_date
        from lines
        where is_purchase and series is not null
        group by customer_id, series
    ) as firsts
    inner join dates on firsts.first_date <= dates.measured_to
    group by dates.measured_to, dates.is_current, firsts.customer_id
),

-- None after measured_to is 0: the feed holds the whole horizon.
followed as (
    select
        lines.customer_id,
        sum(lines.net_amount) as next_spend
    from lines
    inner join dates
        on
            not dates.is_current
            and lines.business_date > dates.measured_to
            and {{ days_between('dates.measured_to', 'lines.business_date') }} <= dates.horizon_days
    group by lines.customer_id
)

select
    summed.measured_to,
    summed.is_current,
    summed.customer_id,
    summed.first_purchase_date,
    summed.last_purchase_date,
    cast({{ days_between('summed.last_purchase_date', 'summed.measured_to') }} as integer)
        as recency_days,
    cast({{ days_between('summed.first_purchase_date', 'summed.measured_to') }} as integer)
        as tenure_days,
    cast(summed.receipts as integer) as receipts,
    cast(summed.net_spend as decimal(18, 2)) as net_spend,
    cast(summed.gross_spend as decimal(18, 2)) as gross_spend,
    cast(summed.receipts_window as integer) as receipts_window,
    cast(
        case when summed.net_spend is not null then coalesce(summed.net_spend_window, 0) end
        as decimal(18, 2)
    ) as net_spend_window,
    cast(
        case when summed.lines_without_margin = 0 then coalesce(summed.margin_window, 0) end
        as decimal(18, 2)
    ) as margin_window,
    case
        when summed.listed_amount > 0
            then
                cast(coalesce(summed.full_price_amount, 0) as double)
                / cast(summed.listed_amount as double)
    end as full_price_share,
    cast(coalesce(series.series_bought, 0) as integer) as series_bought,
    cast(summed.stores_visited as integer) as stores_visited,
    cast(summed.weekend_receipts as double) / summed.receipts as weekend_share,
    cast(
        case
            when not summed.is_current and summed.net_spend is not null
                then coalesce(followed.next_spend, 0)
        end as decimal(18, 2)
    ) as next_spend
from summed
left join series
    on
        summed.measured_to = series.measured_to
        and summed.is_current = series.is_current
        and summed.customer_id = series.customer_id
left join followed on summed.customer_id = followed.customer_id
where summed.receipts > 0
