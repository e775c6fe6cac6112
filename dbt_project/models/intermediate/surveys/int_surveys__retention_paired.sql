with pairs as (
    select
        cells.breakdown_value as store_id,
        waves.wave_id,
        cast(cells.score_sum as double) / cells.answers as csat_mean_100,
        {{ add_days('waves.last_date', '-cast(rules.elasticity_days as integer)') }}
            as after_date,
        waves.last_date,
        {{ add_days('waves.last_date', 'cast(rules.elasticity_days as integer)') }} as until_date
    from {{ ref('int_surveys__cells_counted') }} as cells
    cross join {{ ref('int_surveys__rules_dated') }} as rules
    inner join {{ ref('int_surveys__waves_listed') }} as waves
        on
            cells.period = waves.wave_id
            and {{ add_days('waves.last_date', 'cast(rules.elasticity_days as integer)') }}
            <= rules.as_of
    where
        cells.period_type = 'wave'
        and cells.breakdown = 'store'
        and cells.dimension = 'overall'
        and cells.is_shown
),

customers as (
    select distinct
        pairs.store_id,
        pairs.wave_id,
        pairs.last_date,
        pairs.until_date,
        sales.customer_id
    from pairs
    inner join {{ ref('int_sales__lines_kept') }} as sales
        on
            pairs.store_id = sales.store_id
            and pairs.after_date < sales.business_date
            and pairs.last_date >= sales.business_date
            and sales.customer_id is not null
            and not sales.is_refund
),

kept as (
    select
        customers.store_id,
        customers.wave_id,
        count(distinct customers.customer_id) as customers,
        count(distinct days.customer_id) as kept_customers
    from customers
    left join {{ ref('int_sales__customer_days_summarised') }} as days
        on
            customers.customer_id = days.customer_id
            and days.receipts > 0
            and customers.last_date < days.business_date
            and customers.until_date >= days.business_date
    group by customers.store_id, customers.wave_id
)

select
    pairs.store_id,
    pairs.wave_id,
    pairs.csat_mean_100,
    cast(kept.customers as integer) as customers,
    cast(kept.kept_customers as integer) as kept_customers,
    case when pairs.csat_mean_100 > 0 then ln(pairs.csat_mean_100) end as log_csat,
    case
        when kept.kept_customers > 0
            then ln(cast(kept.kept_customers as double) / kept.customers)
    end as log_retention
from pairs
inner join kept on pairs.store_id = kept.store_id and pairs.wave_id = kept.wave_id
