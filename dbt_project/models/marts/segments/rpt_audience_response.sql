with counted as (
    select
        audience,
        tactic,
        count(*) as campaigns,
        sum(contacted) as contacted,
        sum(responders) as responders,
        sum(case when has_promo_code then coalesce(receipts, 0) end) as receipts,
        sum(case when has_promo_code then coalesce(net_sales, 0) end) as net_sales
    from {{ ref('int_segments__campaigns_measured') }}
    group by audience, tactic
)

select
    counted.audience,
    counted.tactic,
    cast(counted.campaigns as integer) as campaigns,
    cast(counted.contacted as integer) as contacted,
    cast(counted.responders as integer) as responders,
    cast(counted.responders as double) / nullif(counted.contacted, 0) as response_rate,
    cast(counted.receipts as integer) as receipts_with_code,
    cast(counted.net_sales as decimal(18, 2)) as net_sales_with_code,
    case
        when counted.contacted > 0 then 'measured'
        when counted.audience is not null then 'no contacts named'
        else 'no data'
    end as status,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_build__context_stated') }} as context
left join counted on context.as_of is not null
