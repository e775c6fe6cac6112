-- A member is the success of one prospect only: the one that bought first, then the one met first.
with reached as (
    select
        prospects.prospect_id,
        prospects.first_contact_date,
        prospects.search_method,
        prospects.source_channel,
        prospects.campaign_id,
        prospects.segment,
        prospects.store_id,
        prospects.intent_date,
        prospects.lost_date,
        case when prospects.converted_date <= rules.as_of then prospects.customer_id end
            as stated_customer_id,
        case when prospects.converted_date <= rules.as_of then prospects.converted_date end
            as converted_date
    from {{ ref('int_customers__prospects_linked') }} as prospects
    cross join {{ ref('int_segments__rules_dated') }} as rules
    where prospects.first_contact_date <= rules.as_of
),

ranked as (
    select
        *,
        row_number() over (
            partition by stated_customer_id
            order by converted_date asc, first_contact_date asc, prospect_id asc
        ) as place
    from reached
)

select
    prospect_id,
    first_contact_date,
    search_method,
    source_channel,
    campaign_id,
    segment,
    store_id,
    intent_date,
    case when place = 1 then stated_customer_id end as customer_id,
    case when stated_customer_id is null or place = 1 then converted_date end as converted_date,
    stated_customer_id is not null and place > 1 as is_linked_before,
    case
        when stated_customer_id is not null and place = 1 then 'converted'
        when stated_customer_id is not null then 'linked before'
        when lost_date is not null then 'lost'
        else 'open'
    end as prospect_state
from ranked
