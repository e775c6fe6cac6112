{% set zone = 'coalesce(stores.timezone, context.chain_timezone)' %}

-- What could lead back to the person ends here: of an anonymous voice the month is kept.
with localised as (
    select
        voices.*,
        case
            when voices.posted_at_is_utc then {{ utc_to_local('voices.posted_at', zone) }}
            else voices.posted_at
        end as posted_at_local
    from {{ ref('stg_reference__feedback') }} as voices
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_stores__details_stated') }} as stores on voices.store_id = stores.store_id
)

select
    localised.feedback_id,
    localised.author,
    localised.method,
    localised.platform as delivered_platform,
    case
        when localised.platform is not null then coalesce(platforms.platform, 'UNKNOWN')
    end as platform,
    case when not localised.is_anonymous then localised.posted_at_local end as posted_at_local,
    {{ month_of('localised.posted_at_local') }} as posted_month,
    localised.is_anonymous,
    case when not localised.is_anonymous then localised.customer_id end as customer_id,
    case when not localised.is_anonymous then localised.staff_id end as staff_id,
    localised.store_id,
    localised.brand,
    localised.product_code,
    localised.product_series,
    localised.verbatim is not null as has_verbatim,
    localised.sentiment,
    localised.wave_id,
    localised.session_id,
    localised.topic,
    localised.stratum,
    localised.status,
    localised.improvement_id,
    localised.reward_amount,
    case when not localised.is_anonymous then localised.load_id end as load_id
from localised
left join {{ ref('ref_platforms') }} as platforms
    on lower(trim(localised.platform)) = platforms.platform
