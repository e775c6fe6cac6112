select
    partners.partner_id,
    cast(count(*) as integer) as customers,
    cast(count(case when contacts.is_contactable then 1 end) as integer) as customers_contactable,
    cast(sum(valued.revenue) as decimal(18, 2)) as net_spend,
    cast(sum(valued.customer_value) as decimal(18, 2)) as customer_value,
    max(costs.acquisition_cost) as acquisition_cost,
    cast(max(costs.acquisition_cost) as double) / count(*) as acquisition_cost_per_customer,
    max(coverage.coverage_pct) as coverage_pct,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_customers__partners_named') }} as partners
cross join {{ ref('int_build__context_stated') }} as context
cross join {{ ref('int_sales__coverage_totalled') }} as coverage
left join {{ ref('int_customers__contacts_planned') }} as contacts
    on partners.customer_id = contacts.customer_id
left join {{ ref('int_customers__relations_valued') }} as valued
    on partners.customer_id = valued.customer_id
left join {{ ref('int_customers__partner_costs_summed') }} as costs
    on partners.partner_id = costs.partner_id
group by partners.partner_id, context.chain_currency, context.as_of
