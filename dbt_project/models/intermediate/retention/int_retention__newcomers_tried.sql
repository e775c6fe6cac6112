-- A product is new for so long after its first sale in the chain; counted are the buyers of the
-- year up to as_of and whether one of their purchases was new on its day.
with launched as (
    select
        product_code,
        min(business_date) as first_sale_date
    from {{ ref('int_sales__lines_kept') }}
    where not is_refund
    group by product_code
),

opened as (
    select min(business_date) as opened_date
    from {{ ref('int_sales__lines_kept') }}
)

select
    sales.customer_id,
    max(
        case
            when
                {{ days_between('launched.first_sale_date', 'sales.business_date') }}
                < rules.newcomer_product_days
                -- On the shelf when the records begin is not new.
                and {{ days_between('opened.opened_date', 'launched.first_sale_date') }}
                >= rules.newcomer_product_days
                then 1
            else 0
        end
    ) as has_tried_new
from {{ ref('int_sales__lines_kept') }} as sales
cross join {{ ref('int_retention__rules_dated') }} as rules
cross join opened
inner join launched on sales.product_code = launched.product_code
where
    sales.customer_id is not null
    and not sales.is_refund
    and {{ days_between('sales.business_date', 'rules.as_of') }} < 365
group by sales.customer_id
