-- The lake knows the year of birth alone: told are the full years that are certainly reached, which
-- on 31 December are those of everybody born in the year.
with aged as (
    select
        customers.customer_id,
        extract(year from context.as_of) - customers.birth_year
        - case
            when
                extract(month from {{ add_days('context.as_of', 1) }}) = 1
                and extract(day from {{ add_days('context.as_of', 1) }}) = 1
                then 0
            else 1
        end as age
    from {{ ref('int_customers__contacts_removed') }} as customers
    cross join {{ ref('int_build__context_stated') }} as context
)

select
    aged.customer_id,
    case when bands.age_band is not null then cast(aged.age as integer) end as age,
    coalesce(bands.age_band, 'UNKNOWN') as age_band
from aged
left join {{ ref('ref_age_bands') }} as bands
    on aged.age >= bands.age_from and aged.age < bands.age_before
