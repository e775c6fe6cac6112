-- The door lets only the year of birth in, so an age is that reached in the year of as_of.
with aged as (
    select
        customers.customer_id,
        extract(year from context.as_of) - customers.birth_year as age
    from {{ ref('stg_reference__customers') }} as customers
    cross join {{ ref('int_build__context_stated') }} as context
)

select
    aged.customer_id,
    case when bands.age_band is not null then cast(aged.age as integer) end as age,
    coalesce(bands.age_band, 'UNKNOWN') as age_band
from aged
left join {{ ref('ref_age_bands') }} as bands
    on aged.age >= bands.age_from and aged.age < bands.age_before
