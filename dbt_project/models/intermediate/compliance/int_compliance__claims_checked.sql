-- What one of the product, or of each product of a bundle, cost on a receipt, against the price
-- advertised. A campaign with a code is judged by the sales that carry it; another by all sales of
-- its time and place.
with claims as (
    select
        campaigns.campaign_id,
        campaigns.promo_code,
        campaigns.start_date,
        campaigns.end_date,
        campaigns.region,
        campaigns.store_ids,
        campaigns.advertised_price,
        campaigns.currency,
        1 + length(campaigns.product_codes) - length(replace(campaigns.product_codes, ';', ''))
            as products,
        trim({{ text_part('campaigns.product_codes', ';', 'places.generated_number') }})
            as product_code
    from {{ ref('stg_reference__campaigns') }} as campaigns
    inner join ({{ numbers(20) }}) as places
        on
            places.generated_number
            <= 1 + length(campaigns.product_codes)
            - length(replace(campaigns.product_codes, ';', ''))
    where campaigns.advertised_price is not null and campaigns.product_codes is not null
),

priced as (
    select
        claims.campaign_id,
        claims.products,
        claims.advertised_price,
        claims.currency,
        sales.business_date,
        sales.store_id,
        sales.receipt_id,
        sales.product_code,
        cast(sum(sales.net_amount) as double) / cast(sum(sales.qty) as double) as unit_paid
    from claims
    inner join {{ ref('int_sales__lines_kept') }} as sales
        on
            claims.product_code = sales.product_code
            and claims.currency = sales.currency
            and claims.start_date <= sales.business_date
            and coalesce(claims.end_date >= sales.business_date, true)
            and coalesce(claims.promo_code = sales.promo_code, claims.promo_code is null)
    left join {{ ref('int_stores__details_stated') }} as stores
        on sales.store_id = stores.store_id
    where
        not sales.is_refund
        and sales.qty > 0
        and coalesce(claims.region = stores.region, claims.region is null)
        and (
            claims.store_ids is null
            or ';' || claims.store_ids || ';' like '%;' || sales.store_id || ';%'
        )
    group by
        claims.campaign_id,
        claims.products,
        claims.advertised_price,
        claims.currency,
        sales.business_date,
        sales.store_id,
        sales.receipt_id,
        sales.product_code
),

sold as (
    select
        campaign_id,
        advertised_price,
        currency,
        business_date,
        round(sum(unit_paid), 2) as price_charged
    from priced
    group by
        campaign_id,
        products,
        advertised_price,
        currency,
        business_date,
        store_id,
        receipt_id
    having count(*) = max(products)
)

select
    campaign_id,
    advertised_price,
    currency,
    business_date,
    count(*) as receipts,
    count(case when price_charged > advertised_price then 1 end) as receipts_above,
    max(price_charged) as highest_price
from sold
group by campaign_id, advertised_price, currency, business_date
