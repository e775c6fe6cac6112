-- Actual spend with an element, in the chain's currency; a whole year is split by nothing else.
select
    spend.value_element,
    cast(extract(year from spend.period) as integer) as calendar_year,
    cast(sum(spend.amount) as decimal(18, 2)) as amount
from {{ ref('stg_reference__spend') }} as spend
inner join {{ ref('int_build__context_stated') }} as context
    on spend.currency = context.chain_currency and spend.period <= context.as_of
where spend.scenario = 'actual' and spend.value_element is not null
group by spend.value_element, extract(year from spend.period)
