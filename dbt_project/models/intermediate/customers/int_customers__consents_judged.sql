{% set moments = ['given_at', 'withdrawn_at', 'erasure_requested_at'] %}

-- The one place that says who may be contacted for which purpose; every list reads it. Consents
-- that were delivered go before the flag of the member list. Of a channel the latest statement
-- counts, on whichever card it was made, and on the same day the withdrawal; one withdrawn for any
-- channel ends the earlier ones of all. Of the channels that hold one consented to by name is
-- better known than any. What is given tomorrow holds tomorrow.
with dated as (
    select
        consents.customer_id,
        consents.channel,
        consents.contact_from,
        consents.contact_to,
        consents.collection_mode,
        consents.source_name,
        {% for moment in moments %}
        cast(
            case
                when consents.{{ moment }}_is_utc
                    then {{ utc_to_local('consents.' ~ moment, 'context.chain_timezone') }}
                else consents.{{ moment }}
            end as date
        ) as {{ moment | replace('_at', '_date') }},
        {% endfor %}
        consents.purpose,
        context.as_of
    from {{ ref('int_customers__consents_linked') }} as consents
    cross join {{ ref('int_build__context_stated') }} as context
),

erased as (
    select distinct customer_id
    from dated
    where erasure_requested_date <= as_of
),

stated as (
    select
        *,
        max(case when withdrawn_date <= as_of then withdrawn_date end) over (
            partition by customer_id, purpose, channel
        ) as channel_withdrawn_date,
        max(case when withdrawn_date <= as_of and channel = 'any' then withdrawn_date end) over (
            partition by customer_id, purpose
        ) as any_withdrawn_date
    from dated
    where purpose in ('marketing', 'survey')
),

held as (
    select
        *,
        given_date <= as_of
        and coalesce(given_date > channel_withdrawn_date, true)
        and coalesce(given_date > any_withdrawn_date, true) as holds
    from stated
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id, purpose
            order by
                case when holds then 0 else 1 end asc,
                case when channel = 'any' then 1 else 0 end asc,
                given_date desc,
                channel asc,
                contact_from asc nulls last,
                contact_to asc nulls last
        ) as place
    from held
),

-- Who takes back a single channel of a consent to any has taken back that channel.
withdrawn_channels as (
    select distinct
        ranked.customer_id,
        others.channel
    from ranked
    inner join held as others
        on
            ranked.customer_id = others.customer_id
            and ranked.purpose = others.purpose
            and ranked.given_date <= others.channel_withdrawn_date
    where
        ranked.purpose = 'marketing'
        and ranked.place = 1
        and ranked.holds
        and ranked.channel = 'any'
        and others.channel <> 'any'
),

exceptions as (
    select
        customer_id,
        ' but ' || {{ text_list('channel', ', ', 'channel asc') }} as channels
    from withdrawn_channels
    group by customer_id
)

select
    customers.customer_id,
    case
        when erased.customer_id is not null then false
        when marketing.customer_id is not null then marketing.holds
        else coalesce(customers.has_marketing_consent, false)
    end as is_contactable,
    case
        when erased.customer_id is not null then 'erasure requested'
        when marketing.holds then 'consent of ' || cast(marketing.given_date as string)
        when marketing.customer_id is not null then 'consent withdrawn or not yet given'
        when customers.has_marketing_consent then 'flag of the member list'
        when customers.has_marketing_consent is null then 'never asked'
        else 'refused in the member list'
    end as consent_basis,
    case
        when erased.customer_id is null and marketing.holds
            then marketing.channel || coalesce(exceptions.channels, '')
    end as consent_channel,
    case when erased.customer_id is null and marketing.holds then marketing.contact_from end
        as stated_from,
    case when erased.customer_id is null and marketing.holds then marketing.contact_to end
        as stated_to,
    -- Asking is not selling: a consent to surveys decides, then one to marketing; who was never
    -- asked may be.
    case
        when erased.customer_id is not null then false
        when survey.customer_id is not null then survey.holds
        when marketing.customer_id is not null then marketing.holds
        else coalesce(customers.has_marketing_consent, true)
    end as is_surveyable
from {{ ref('int_customers__contacts_removed') }} as customers
left join erased on customers.customer_id = erased.customer_id
left join ranked as marketing
    on
        customers.customer_id = marketing.customer_id
        and marketing.purpose = 'marketing'
        and marketing.place = 1
left join ranked as survey
    on
        customers.customer_id = survey.customer_id
        and survey.purpose = 'survey'
        and survey.place = 1
left join exceptions on customers.customer_id = exceptions.customer_id
