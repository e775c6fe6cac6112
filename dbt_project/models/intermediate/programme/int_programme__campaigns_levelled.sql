select
    campaigns.campaign_id,
    campaigns.campaign_name,
    campaigns.kind,
    campaigns.relation_level,
    campaigns.promo_code,
    campaigns.start_date,
    campaigns.end_date,
    cast(extract(year from campaigns.start_date) as integer) as calendar_year
from {{ ref('stg_reference__campaigns') }} as campaigns
inner join {{ ref('int_build__context_stated') }} as context
    on campaigns.start_date <= context.as_of
