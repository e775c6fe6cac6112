-- Lost sales: what the store's customers would have paid for the series had they bought as those of
-- equipped stores did, less what they paid.
with homes as (
    select
        homes.store_id,
        homes.calendar_year,
        series.product_series,
        homes.customer_id,
        buyers.net_spend,
        buyers.is_repeat,
        attitudes.attitude_mean_100 >= series.attitude_cut as is_liked,
        not coalesce(equipment.is_equipped, false)
        or coalesce(
            equipment.equipped_from_date
            > cast(cast(homes.calendar_year as string) || '-12-31' as date),
            false
        ) as lacks_equipment
    from {{ ref('int_loyalty__home_stores_found') }} as homes
    inner join {{ ref('int_loyalty__series_detailed') }} as details
        on details.equipment is not null
    inner join {{ ref('int_loyalty__series_placed') }} as series
        on
            details.product_series = series.product_series
            and homes.calendar_year = series.calendar_year
    left join {{ ref('int_loyalty__equipment_dated') }} as equipment
        on
            homes.store_id = equipment.store_id
            and series.product_series = equipment.product_series
    left join {{ ref('int_loyalty__buyers_summarised') }} as buyers
        on
            homes.customer_id = buyers.customer_id
            and series.product_series = buyers.product_series
            and homes.calendar_year = buyers.calendar_year
    left join {{ ref('int_surveys__attitudes_summarised') }} as attitudes
        on
            homes.customer_id = attitudes.customer_id
            and series.product_series = attitudes.product_series
            and homes.calendar_year = attitudes.calendar_year
),

stores as (
    select
        store_id,
        calendar_year,
        product_series,
        lacks_equipment,
        count(*) as customers,
        count(net_spend) as buyers,
        count(case when is_liked and not coalesce(is_repeat, false) then 1 end)
            as latent_customers,
        coalesce(sum(net_spend), 0) as net_spend
    from homes
    group by store_id, calendar_year, product_series, lacks_equipment
),

equipped as (
    select
        calendar_year,
        product_series,
        cast(sum(net_spend) as double) / sum(customers) as spend_per_customer
    from stores
    where not lacks_equipment
    group by calendar_year, product_series
)

select
    stores.product_series as series,
    stores.calendar_year as year,
    stores.store_id,
    stores.lacks_equipment,
    cast(stores.customers as integer) as customers,
    cast(stores.buyers as integer) as buyers,
    cast(stores.latent_customers as integer) as latent_customers,
    cast(stores.net_spend as decimal(18, 2)) as net_spend,
    cast(stores.net_spend as double) / stores.customers as net_spend_per_customer,
    equipped.spend_per_customer as net_spend_per_customer_equipped,
    case
        when stores.lacks_equipment and equipped.spend_per_customer is not null
            then
                {{ decimal_of(
                    'greatest(stores.customers * equipped.spend_per_customer'
                    ~ ' - cast(stores.net_spend as double), 0)',
                    2
                ) }}
    end as lost_sales_estimate,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from stores
cross join {{ ref('int_build__context_stated') }} as context
left join equipped
    on
        stores.calendar_year = equipped.calendar_year
        and stores.product_series = equipped.product_series
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on stores.calendar_year = coverage.calendar_year
