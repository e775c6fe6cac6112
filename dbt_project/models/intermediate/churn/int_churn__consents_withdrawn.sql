-- Who withdrew the consent to marketing and has not given it again, and who asked to be erased.
with marketing as (
    select
        consents.customer_id,
        max(cast(consents.given_at as date)) as given_date,
        max(cast(consents.withdrawn_at as date)) as withdrawn_date
    from {{ ref('stg_reference__consents') }} as consents
    inner join {{ ref('int_build__context_stated') }} as context
        on cast(consents.given_at as date) <= context.as_of
    where consents.purpose = 'marketing'
    group by consents.customer_id
)

select marketing.customer_id
from marketing
inner join {{ ref('int_build__context_stated') }} as context
    on
        marketing.withdrawn_date <= context.as_of
        and marketing.withdrawn_date >= marketing.given_date
union distinct
select customer_id
from {{ ref('stg_reference__consents') }}
where erasure_requested_at is not null
union distinct
select customer_id
from {{ ref('int_customers__contacts_removed') }}
where not has_marketing_consent
