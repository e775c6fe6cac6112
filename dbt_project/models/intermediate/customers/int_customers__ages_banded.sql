-- A year is added on the birthday, for 29 February on 1 March of a common year.
with aged as (
    select
        customers.customer_id,
        extract(year from context.as_of) - extract(year from customers.birth_date)
        - case
            when
                extract(month from context.as_of) < extract(month from customers.birth_date)
                or (
                    extract(month from context.as_of) = extract(month from customers.birth_date)
                    and extract(day from context.as_of) < extract(day from customers.birth_date)
                )
                then 1
            else 0
        end as age
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
