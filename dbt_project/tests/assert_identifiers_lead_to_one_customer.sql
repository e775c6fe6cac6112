{{ config(meta={'requirements': ['C360-02', 'DQ-01']}) }}

-- No identifier leads to two customers at one time, nor through a customer to another one; and no
-- fact is left with a number that belongs to somebody else's.
with identities as (
    select
        identifier_kind,
        identifier,
        customer_id,
        valid_from,
        valid_before
    from {{ ref('int_customers__identities_resolved') }}
)

select one.identifier
from identities as one
inner join identities as two
    on
        one.identifier_kind = two.identifier_kind
        and one.identifier = two.identifier
        and (one.valid_from <> two.valid_from or one.customer_id <> two.customer_id)
        and one.valid_from <= two.valid_from
        and coalesce(one.valid_before > two.valid_from, true)
union all
select identities.identifier
from identities
inner join {{ ref('int_customers__numbers_merged') }} as merged
    on identities.customer_id = merged.member_id
where identities.valid_before is null
union all
select facts.customer_id as identifier
from (
    select customer_id from {{ ref('fct_sales') }}
    union
    select customer_id from {{ ref('fct_survey_response') }}
    union
    select customer_id from {{ ref('fct_complaint') }}
    union
    select customer_id from {{ ref('dim_customer') }}
    union
    select customer_id from {{ ref('dim_customer_history') }}
    union
    select referrer_id as customer_id from {{ ref('dim_customer') }}
    union
    select customer_id from {{ ref('int_customers__interactions_linked') }}
    union
    select customer_id from {{ ref('int_customers__consents_linked') }}
) as facts
inner join {{ ref('int_customers__numbers_merged') }} as merged
    on facts.customer_id = merged.member_id
