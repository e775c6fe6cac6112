{{ config(meta={'requirements': ['C360-10']}) }}

select
    customer_id,
    net_spend,
    cost_of_goods,
    service_cost,
    contact_cost,
    customer_value,
    value_basis
from {{ ref('mart_customer_360') }}
where
    (
        value_basis = 'revenue_basis'
        and customer_value <> net_spend
    )
    or (
        value_basis <> 'revenue_basis'
        and customer_value
        <> net_spend - cost_of_goods - coalesce(service_cost, 0) - coalesce(contact_cost, 0)
    )
    or (value_basis is null and first_purchase_date is not null)
