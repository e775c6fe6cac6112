-- What the list of one horizon ago came to: who of it, and of its control group, has since bought
-- the series. Both groups may be written to, so that they differ in nothing but the lot.
with groups as (
    select 'shown' as group_name
    union all
    select 'control' as group_name
),

members as (
    select
        case when control.is_control then 'control' else 'shown' end as group_name,
        chosen.customer_id,
        max(
            case
                when
                    listed.business_date > chosen.list_date
                    and listed.business_date <= context.as_of
                    then 1
                else 0
            end
        ) as has_bought
    from {{ ref('int_baskets__next_series_chosen') }} as chosen
    cross join {{ ref('int_build__context_stated') }} as context
    inner join {{ ref('int_customers__contacts_planned') }} as contacts
        on chosen.customer_id = contacts.customer_id and contacts.is_contactable
    inner join {{ ref('int_customers__control_drawn') }} as control
        on chosen.customer_id = control.customer_id
    left join {{ ref('int_baskets__series_listed') }} as listed
        on chosen.customer_id = listed.customer_id and chosen.next_best = listed.series
    where chosen.moment = 'before' and chosen.next_best is not null
    group by case when control.is_control then 'control' else 'shown' end, chosen.customer_id
)

select
    groups.group_name,
    moments.list_date,
    cast(count(members.customer_id) as integer) as customers,
    cast(coalesce(sum(members.has_bought), 0) as integer) as customers_converted,
    cast(sum(members.has_bought) as double) / nullif(count(members.customer_id), 0)
        as conversion_rate,
    max(coverage.coverage_pct) as coverage_pct,
    context.as_of
from groups
cross join {{ ref('int_build__context_stated') }} as context
cross join {{ ref('int_sales__coverage_totalled') }} as coverage
inner join {{ ref('int_baskets__moments_stated') }} as moments on moments.moment = 'before'
left join members on groups.group_name = members.group_name
group by groups.group_name, moments.list_date, context.as_of
