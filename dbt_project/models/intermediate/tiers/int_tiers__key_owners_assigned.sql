-- Who looks after which customer, while the person is with the chain. Null before is for good.
select
    coalesce(merged.customer_id, accounts.customer_id) as customer_id,
    accounts.staff_id,
    accounts.from_date,
    case
        when people.left_date is null and accounts.to_date is null then null
        else
            least(
                coalesce({{ add_days('accounts.to_date', 1) }}, cast('9999-12-31' as date)),
                coalesce({{ add_days('people.left_date', 1) }}, cast('9999-12-31' as date))
            )
    end as before_date
from {{ ref('stg_reference__staff') }} as accounts
left join {{ ref('stg_reference__staff') }} as people
    on accounts.staff_id = people.staff_id and people.record_kind = 'person'
left join {{ ref('int_customers__numbers_merged') }} as merged
    on accounts.customer_id = merged.member_id
where accounts.record_kind = 'account' and accounts.customer_id is not null
