-- Sales of a day that no contract of the buyer covers and that one covered before.
with contracts as (
    select
        buyers.buyer_id as customer_id,
        agreements.agreement_id,
        agreements.valid_from_date,
        agreements.valid_to_date
    from {{ ref('int_compliance__agreements_stated') }} as agreements
    inner join {{ ref('int_compliance__corporate_buyers_listed') }} as buyers
        on agreements.party_id = buyers.party_id
    where agreements.kind = 'sales' and agreements.party_kind = 'corporate_customer'
),

days as (
    select
        sales.customer_id,
        sales.business_date,
        count(distinct sales.store_id || '|' || sales.receipt_id) as receipts,
        sum(sales.net_amount_chain) as net_amount
    from {{ ref('fct_sales') }} as sales
    where sales.customer_id in (select contracts.customer_id from contracts)
    group by sales.customer_id, sales.business_date
),

judged as (
    select
        days.customer_id,
        days.business_date,
        days.receipts,
        days.net_amount,
        max(
            case
                when
                    days.business_date >= contracts.valid_from_date
                    and coalesce(days.business_date <= contracts.valid_to_date, true)
                    then 1
                else 0
            end
        ) as is_covered,
        max(
            case when contracts.valid_to_date < days.business_date then contracts.valid_to_date end
        ) as contract_ended_date
    from days
    inner join contracts on days.customer_id = contracts.customer_id
    group by days.customer_id, days.business_date, days.receipts, days.net_amount
)

select
    judged.customer_id,
    judged.business_date,
    cast(judged.receipts as integer) as receipts,
    cast(judged.net_amount as decimal(18, 2)) as net_amount,
    judged.contract_ended_date,
    rules.chain_currency as currency,
    rules.as_of
from judged
cross join {{ ref('int_compliance__rules_dated') }} as rules
where judged.is_covered = 0 and judged.contract_ended_date is not null
