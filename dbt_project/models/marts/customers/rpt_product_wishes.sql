-- A wish is launched when it names a product that exists; that of a talk once the thing wanted is
-- the name of a product that came on sale after the wish.
select
    wishes.wish_id,
    wishes.wish_source,
    wishes.wished_date,
    wishes.store_id,
    wishes.reason,
    wishes.wished_for,
    case
        when products.product_code is not null and products.sold_from_date > wishes.wished_date
            then 'launched'
        when wishes.delivered_status = 'launched' and products.product_code is not null
            then 'launched'
        when wishes.delivered_status = 'launched' then 'launched, product not known'
        else coalesce(wishes.delivered_status, 'open')
    end as status,
    products.product_code,
    products.sold_from_date as launched_date,
    context.as_of
from {{ ref('int_customers__wishes_listed') }} as wishes
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('dim_product') }} as products
    on wishes.product_code = products.product_code and products.is_known
where wishes.wished_date <= context.as_of
