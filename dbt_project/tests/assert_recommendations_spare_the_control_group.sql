{{ config(meta={'requirements': ['XSELL-05']}) }}

select recommendations.customer_id
from {{ ref('rpt_recommendations') }} as recommendations
inner join {{ ref('int_customers__control_drawn') }} as control
    on recommendations.customer_id = control.customer_id
where control.is_control
