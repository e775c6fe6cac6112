-- What links two records and what became of it; a contact that too many give links nobody.
with found as (
    select
        links.customer_id_a as member_id_a,
        links.customer_id_b as member_id_b,
        links.rule,
        links.probability,
        links.valid_from,
        links.valid_before,
        coalesce(links.valid_before <= context.as_of, false) as is_over,
        one.customer_id as customer_a,
        two.customer_id as customer_b,
        cast(2 as bigint) as records
    from {{ ref('int_customers__links_found') }} as links
    cross join {{ ref('int_build__context_stated') }} as context
    inner join {{ ref('int_customers__identities_resolved') }} as one
        on
            one.identifier_kind = 'member'
            and one.valid_before is null
            and links.customer_id_a = one.identifier
    inner join {{ ref('int_customers__identities_resolved') }} as two
        on
            two.identifier_kind = 'member'
            and two.valid_before is null
            and links.customer_id_b = two.identifier
),

listed as (
    select
        member_id_a,
        member_id_b,
        rule,
        probability,
        valid_from,
        valid_before,
        case when customer_a = customer_b then customer_a end as customer_id,
        case
            when is_over and rule in ('keep apart', 'join') then 'decision over'
            when rule = 'keep apart' then 'kept apart'
            when customer_a = customer_b then 'merged'
            when is_over then 'shared by too many'
            else 'held apart'
        end as status,
        records
    from found
    union all
    select
        customer_id as member_id_a,
        cast(null as string) as member_id_b,
        'same ' || contact_kind as rule,
        cast(null as double) as probability,
        first_delivered_date as valid_from,
        shared_from as valid_before,
        cast(null as string) as customer_id,
        'shared by too many' as status,
        records
    from {{ ref('int_customers__contacts_dated') }}
    where shared_from is not null
)

select
    listed.member_id_a,
    listed.member_id_b,
    listed.rule,
    listed.probability,
    listed.valid_from,
    listed.valid_before,
    listed.status,
    case listed.status
        when 'merged' then 'one customer'
        when 'kept apart' then 'somebody decided so'
        when 'decision over' then 'the decision holds no longer'
        when 'shared by too many' then 'more records give it than it may link'
        else 'names and days of birth differ, or a group would grow too large or against a decision'
    end as reason,
    listed.customer_id,
    listed.records,
    context.as_of
from listed
cross join {{ ref('int_build__context_stated') }} as context
