{{ config(meta={'requirements': ['FEED-07']}) }}

with logged as (
    select
        customer_id,
        count(*) as contacts
    from {{ ref('int_customers__interactions_linked') }}
    group by customer_id
),

facts as (
    select
        customer_id,
        count(*) as contacts
    from {{ ref('fct_interaction') }}
    group by customer_id
)

select
    coalesce(logged.customer_id, facts.customer_id) as customer_id,
    logged.contacts as contacts_logged,
    facts.contacts as contacts_in_mart
from logged
full outer join facts on coalesce(logged.customer_id, '') = coalesce(facts.customer_id, '')
where coalesce(logged.contacts, 0) <> coalesce(facts.contacts, 0)
