select
    judged.product_code,
    products.product_name,
    products.series,
    judged.stage,
    case judged.stage
        when 'introduction' then '导入'
        when 'growth' then '成长'
        when 'maturity' then '成熟'
        when 'decline' then '衰退'
    end as stage_zh,
    judged.first_sale_date,
    judged.months_since_launch,
    judged.recent_net_sales,
    judged.trend,
    judged.compared_with,
    coalesce(judged.stage = 'decline', false) as is_declining,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_products__stages_judged') }} as judged
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_products__series_mapped') }} as products
    on judged.product_code = products.product_code
