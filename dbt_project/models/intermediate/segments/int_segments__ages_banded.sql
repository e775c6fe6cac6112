with aged as (
    select
        customers.customer_id,
        cast(extract(year from rules.as_of) as integer) - customers.birth_year as age,
        rules.youth_max_age,
        rules.middle_max_age
    from {{ ref('int_customers__contacts_removed') }} as customers
    cross join {{ ref('int_segments__rules_dated') }} as rules
)

select
    customer_id,
    case
        when age <= youth_max_age then 'youth'
        when age <= middle_max_age then 'middle'
        when age is not null then 'older'
    end as age_band
from aged
