-- A bundle is a campaign that names several products; one row for each of them.
select
    campaigns.campaign_id,
    campaigns.campaign_name,
    campaigns.start_date,
    campaigns.end_date,
    campaigns.store_ids,
    campaigns.advertised_price,
    trim({{ text_part('campaigns.product_codes', ';', 'places.generated_number') }})
        as product_code
from {{ ref('stg_reference__campaigns') }} as campaigns
inner join ({{ numbers(20) }}) as places
    on
        places.generated_number
        <= 1 + length(campaigns.product_codes) - length(replace(campaigns.product_codes, ';', ''))
where campaigns.product_codes like '%;%'
