-- Sales count by the promotion code within the campaign's days; without a code they are not known.
with contacts as (
    select
        campaign_id,
        count(distinct customer_id) as contacted,
        count(distinct case when is_answered then customer_id end) as responders
    from {{ ref('int_segments__contacts_answered') }}
    group by campaign_id
),

sales as (
    select
        campaigns.campaign_id,
        count(distinct lines.store_id || ' ' || lines.receipt_id) as receipts,
        sum(lines.net_amount_chain) as net_sales
    from {{ ref('stg_reference__campaigns') }} as campaigns
    inner join {{ ref('int_sales__lines_kept') }} as lines
        on
            campaigns.promo_code = lines.promo_code
            and campaigns.start_date <= lines.business_date
            and coalesce(campaigns.end_date, lines.business_date) >= lines.business_date
    where not lines.is_refund
    group by campaigns.campaign_id
)

select
    campaigns.campaign_id,
    campaigns.audience,
    campaigns.tactic,
    campaigns.promo_code is not null as has_promo_code,
    cast(contacts.contacted as integer) as contacted,
    cast(contacts.responders as integer) as responders,
    cast(sales.receipts as integer) as receipts,
    cast(sales.net_sales as decimal(18, 2)) as net_sales
from {{ ref('stg_reference__campaigns') }} as campaigns
cross join {{ ref('int_segments__rules_dated') }} as rules
left join contacts on campaigns.campaign_id = contacts.campaign_id
left join sales on campaigns.campaign_id = sales.campaign_id
where campaigns.start_date <= rules.as_of
