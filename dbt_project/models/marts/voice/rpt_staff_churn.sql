-- Stores are compared by their means over all months with both figures.
with stores as (
    select
        store_id,
        cast(sum(cast(staff_turnover as decimal(18, 9))) as double) / count(*) as staff_turnover,
        cast(sum(cast(customer_churn as decimal(18, 9))) as double) / count(*) as customer_churn
    from {{ ref('mart_staff_turnover') }}
    where staff_turnover is not null and customer_churn is not null
    group by store_id
),

compared as (
    select
        count(*) as stores,
        corr(staff_turnover, customer_churn) as correlation,
        min(staff_turnover) < max(staff_turnover) and min(customer_churn) < max(customer_churn)
            as do_vary
    from stores
)

select
    cast(compared.stores as integer) as stores,
    case
        when compared.stores >= rules.staff_turnover_min_stores and compared.do_vary
            then round(compared.correlation, 6)
    end as correlation,
    case
        when compared.stores < rules.staff_turnover_min_stores then 'insufficient'
        when not compared.do_vary then 'constant'
        else 'measured'
    end as status,
    rules.as_of
from compared
cross join {{ ref('int_programme__rules_dated') }} as rules
