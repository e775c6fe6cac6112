-- Touched is who was contacted for a campaign or used its code while it ran.
select distinct
    interactions.campaign_id,
    interactions.customer_id
from {{ ref('int_customers__interactions_linked') }} as interactions
where interactions.campaign_id is not null and interactions.customer_id is not null
union
select distinct
    campaigns.campaign_id,
    sales.customer_id
from {{ ref('int_programme__campaigns_levelled') }} as campaigns
inner join {{ ref('int_sales__lines_kept') }} as sales
    on
        campaigns.promo_code = sales.promo_code
        and campaigns.start_date <= sales.business_date
        and coalesce(campaigns.end_date >= sales.business_date, true)
where sales.customer_id is not null and not sales.is_refund
