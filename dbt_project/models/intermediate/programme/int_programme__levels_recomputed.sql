-- The highest level whose amount and frequency the member has reached, over all purchases.
with totals as (
    select
        members.customer_id,
        members.member_level,
        coalesce(sum(years.net_spend), 0) as net_spend,
        coalesce(sum(years.receipts), 0) as receipts
    from {{ ref('int_customers__contacts_removed') }} as members
    left join {{ ref('int_customers__years_summarised') }} as years
        on members.customer_id = years.customer_id
    where members.member_level is not null
    group by members.customer_id, members.member_level
),

ranked as (
    select
        totals.customer_id,
        totals.member_level,
        totals.net_spend,
        totals.receipts,
        levels.level as recomputed_level,
        row_number() over (
            partition by totals.customer_id
            order by levels.level_no desc nulls last
        ) as place
    from totals
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('ref_member_levels') }} as levels
        on
            totals.net_spend >= levels.min_net_spend
            and totals.receipts >= levels.min_receipts
            and context.as_of >= levels.valid_from
)

select
    customer_id,
    member_level,
    recomputed_level,
    cast(net_spend as decimal(18, 2)) as net_spend,
    cast(receipts as integer) as receipts
from ranked
where place = 1
