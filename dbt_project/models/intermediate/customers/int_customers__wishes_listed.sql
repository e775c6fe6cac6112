-- A wish is one told at the counter or on the phone, or feedback that was taken up as one. What was
-- said word for word stays behind; of a talk the thing wanted is told.
select
    'interaction/' || contacts.interaction_id as wish_id,
    'interaction' as wish_source,
    cast(contacts.occurred_at as date) as wished_date,
    contacts.store_id,
    contacts.reason,
    trim(contacts.wish) as wished_for,
    cast(null as string) as delivered_status,
    coalesce(contacts.product_code, products.product_code) as product_code
from {{ ref('stg_reference__interactions') }} as contacts
left join (
    select
        product_name,
        min(product_code) as product_code
    from {{ ref('int_products__series_mapped') }}
    group by product_name
) as products on trim(contacts.wish) = products.product_name
where contacts.wish is not null
union all
select
    'feedback/' || feedback_id as wish_id,
    'feedback' as wish_source,
    cast(posted_at as date) as wished_date,
    store_id,
    null as reason,
    product_series as wished_for,
    status as delivered_status,
    product_code
from {{ ref('stg_reference__feedback') }}
where
    author in ('customer', 'public')
    and brand = 'own'
    and status in ('received', 'planned', 'adopted', 'launched', 'rejected')
