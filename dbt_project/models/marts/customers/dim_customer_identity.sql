with periods as (
    select
        identifier as member_id,
        customer_id,
        valid_from,
        valid_before,
        rule,
        probability,
        linked_id,
        lag(customer_id) over (partition by identifier order by valid_from asc) as customer_before
    from {{ ref('int_customers__identities_resolved') }}
    where identifier_kind = 'member'
)

select
    periods.member_id,
    periods.customer_id,
    periods.valid_from,
    periods.valid_before,
    periods.valid_before is null as is_current,
    case
        when periods.customer_id <> periods.member_id then 'merged'
        when periods.customer_before is not null then 'split'
        else 'new'
    end as change,
    periods.customer_before,
    periods.rule,
    periods.probability,
    periods.linked_id,
    case
        when periods.customer_id <> periods.member_id
            then periods.rule || ' as ' || periods.linked_id
        when periods.customer_before is not null
            then 'no link to ' || periods.customer_before || ' holds any longer'
        else 'first delivery'
    end as reason,
    context.as_of
from periods
cross join {{ ref('int_build__context_stated') }} as context
