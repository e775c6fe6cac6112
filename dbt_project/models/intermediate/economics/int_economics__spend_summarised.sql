-- Money spent and booked up to as_of; plans and other currencies are not added up.
select
    cast(extract(year from spend.period) as integer) as calendar_year,
    spend.purpose,
    spend.channel,
    spend.campaign_id,
    cast(sum(spend.amount) as decimal(18, 2)) as spend
from {{ ref('stg_reference__spend') }} as spend
inner join {{ ref('int_build__context_stated') }} as context
    on spend.currency = context.chain_currency and spend.period <= context.as_of
where spend.scenario = 'actual'
group by
    cast(extract(year from spend.period) as integer),
    spend.purpose,
    spend.channel,
    spend.campaign_id
