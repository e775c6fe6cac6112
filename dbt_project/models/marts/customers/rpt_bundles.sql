-- Receipts of the campaign's days and stores. The margin of a receipt that holds the whole bundle
-- is compared with that of one that holds a part of it; one with an unknown cost has none.
with bundles as (
    select
        listed.campaign_id,
        max(listed.campaign_name) as campaign_name,
        min(listed.start_date) as start_date,
        min(listed.end_date) as end_date,
        max(listed.store_ids) as store_ids,
        max(listed.advertised_price) as advertised_price,
        count(distinct listed.product_code) as parts,
        count(distinct products.product_code) as parts_known,
        sum(products.list_price) as price_of_parts,
        sum(products.unit_cost) as cost_of_parts,
        count(products.list_price) as prices_known,
        count(products.unit_cost) as costs_known
    from {{ ref('int_baskets__bundles_listed') }} as listed
    left join {{ ref('dim_product') }} as products
        on listed.product_code = products.product_code
    group by listed.campaign_id
),

lines as (
    select
        bundles.campaign_id,
        bundles.parts,
        sales.store_id,
        sales.receipt_id,
        sales.product_code,
        sales.net_amount_chain,
        sales.qty * products.unit_cost as cost,
        parts.product_code as part
    from bundles
    cross join {{ ref('int_build__context_stated') }} as context
    inner join {{ ref('fct_sales') }} as sales
        on
            bundles.start_date <= sales.business_date
            and sales.business_date <= coalesce(bundles.end_date, context.as_of)
            and not sales.is_refund
            and (
                bundles.store_ids is null
                or ';' || replace(bundles.store_ids, ' ', '') || ';'
                like '%;' || sales.store_id || ';%'
            )
    left join {{ ref('dim_product') }} as products
        on sales.product_code = products.product_code
    left join {{ ref('int_baskets__bundles_listed') }} as parts
        on bundles.campaign_id = parts.campaign_id and sales.product_code = parts.product_code
),

receipts as (
    select
        campaign_id,
        store_id,
        receipt_id,
        count(distinct part) = max(parts) as has_bundle,
        count(part) > 0 as has_part,
        case
            when count(*) = count(cost) and count(*) = count(net_amount_chain)
                then sum(net_amount_chain) - sum(cost)
        end as margin
    from lines
    group by campaign_id, store_id, receipt_id
),

counted as (
    select
        campaign_id,
        count(*) as receipts,
        count(case when has_bundle then 1 end) as receipts_with_bundle,
        count(case when has_part and not has_bundle then 1 end) as receipts_with_part,
        cast(sum(case when has_bundle then margin end) as double)
        / nullif(count(case when has_bundle then margin end), 0) as margin_with_bundle,
        cast(sum(case when has_part and not has_bundle then margin end) as double)
        / nullif(count(case when has_part and not has_bundle then margin end), 0)
            as margin_with_part
    from receipts
    group by campaign_id
)

select
    bundles.campaign_id,
    bundles.campaign_name,
    cast(coalesce(counted.receipts, 0) as integer) as receipts,
    cast(coalesce(counted.receipts_with_bundle, 0) as integer) as receipts_with_bundle,
    cast(counted.receipts_with_bundle as double) / counted.receipts as attach_rate,
    cast(bundles.advertised_price as decimal(18, 4)) as bundle_price,
    case
        when bundles.prices_known = bundles.parts
            then cast(bundles.price_of_parts as decimal(18, 4))
    end as price_of_parts,
    case
        when bundles.costs_known = bundles.parts
            then cast(bundles.advertised_price - bundles.cost_of_parts as decimal(18, 4))
    end as bundle_margin,
    cast(counted.margin_with_bundle as decimal(18, 2)) as margin_with_bundle,
    cast(counted.margin_with_part as decimal(18, 2)) as margin_with_part,
    cast(counted.margin_with_bundle - counted.margin_with_part as decimal(18, 2))
        as incremental_margin,
    case
        when bundles.advertised_price is null or bundles.prices_known < bundles.parts
            then 'no data'
        when bundles.advertised_price > bundles.price_of_parts then 'above the sum of the parts'
        else 'ok'
    end as price_check,
    context.chain_currency as currency,
    context.as_of
from bundles
cross join {{ ref('int_build__context_stated') }} as context
left join counted on bundles.campaign_id = counted.campaign_id
