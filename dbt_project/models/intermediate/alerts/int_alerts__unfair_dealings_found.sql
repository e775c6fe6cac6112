-- Days on which more was charged than advertised, one after the other, are one alert; a gift is
-- over on its day.
select
    'PRICE_CLAIM' as alert_code,
    'campaign' as entity_type,
    claims.campaign_id as entity_id,
    claims.business_date as started_date,
    case
        when claims.business_date < context.as_of then {{ add_days('claims.business_date', 1) }}
    end as ended_date,
    cast(claims.highest_price as double) as measure,
    cast(claims.advertised_price as double) as threshold,
    'no receipt of the day was above the advertised price' as healed_by
from {{ ref('int_compliance__claims_checked') }} as claims
cross join {{ ref('int_build__context_stated') }} as context
where claims.receipts_above > 0
union all
select
    'GIFT_LIMIT' as alert_code,
    'interaction' as entity_type,
    interaction_id as entity_id,
    gift_date as started_date,
    gift_date as ended_date,
    cast(gift_value as double) as measure,
    cast(gift_value_max as double) as threshold,
    'listed in rpt_gifts' as healed_by
from {{ ref('int_compliance__gifts_judged') }}
where finding <> 'allowed'
