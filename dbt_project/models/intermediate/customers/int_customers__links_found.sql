-- Links between two member records, each with its first day. That two of them contradict each other
-- is judged where the groups are formed, as a third record may be between them.
{{ config(materialized='table') }}

with contacts as (
    select
        one.customer_id as customer_id_a,
        two.customer_id as customer_id_b,
        'same ' || one.contact_kind as rule,
        case when one.contact_kind = 'phone' then 1 else 2 end as strength,
        cast(1 as double) as probability,
        greatest(one.first_delivered_date, two.first_delivered_date) as valid_from,
        one.shared_from as valid_before
    from {{ ref('int_customers__contacts_dated') }} as one
    inner join {{ ref('int_customers__contacts_dated') }} as two
        on
            one.contact_kind = two.contact_kind
            and one.contact = two.contact
            and one.customer_id < two.customer_id
    where
        one.shared_from is null
        or greatest(one.first_delivered_date, two.first_delivered_date) < one.shared_from
),

likely as (
    select
        least(one.customer_id, two.customer_id) as customer_id_a,
        greatest(one.customer_id, two.customer_id) as customer_id_b,
        pairs.probability,
        greatest(one.first_delivered_date, two.first_delivered_date) as valid_from
    from {{ ref('int_customers__pairs_scored') }} as pairs
    inner join {{ ref('int_customers__records_compared') }} as one
        on pairs.record_key_a = one.record_key
    inner join {{ ref('int_customers__records_compared') }} as two
        on pairs.record_key_b = two.record_key
    where pairs.record_key_a <> pairs.record_key_b
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id_a, customer_id_b
            order by valid_from asc, probability desc
        ) as place
    from likely
),

decided as (
    select
        least(decisions.customer_id_a, decisions.customer_id_b) as customer_id_a,
        greatest(decisions.customer_id_a, decisions.customer_id_b) as customer_id_b,
        decisions.decision,
        decisions.valid_from,
        decisions.valid_before
    from {{ ref('ref_identity_decisions') }} as decisions
    inner join {{ ref('int_build__context_stated') }} as context
        on decisions.valid_from <= context.as_of
)

select
    customer_id_a,
    customer_id_b,
    rule,
    strength,
    probability,
    valid_from,
    valid_before
from contacts
union all
select
    customer_id_a,
    customer_id_b,
    'alike' as rule,
    3 as strength,
    probability,
    valid_from,
    cast(null as date) as valid_before
from ranked
where place = 1
union all
select
    customer_id_a,
    customer_id_b,
    decision as rule,
    0 as strength,
    cast(1 as double) as probability,
    valid_from,
    valid_before
from decided
