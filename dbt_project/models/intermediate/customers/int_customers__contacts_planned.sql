-- The stated window, else two hours around the time at which the customer used to answer, else the
-- hours of the house; never outside the hours of the house.
with answered as (
    select
        customer_id,
        extract(hour from responded_at_local) as answer_hour,
        count(*) as times,
        max(responded_at_local) as last_at
    from {{ ref('int_surveys__identities_removed') }}
    where customer_id is not null and responded_at_local is not null
    group by customer_id, extract(hour from responded_at_local)
),

usual as (
    select
        *,
        row_number() over (
            partition by customer_id
            order by times desc, last_at desc, answer_hour asc
        ) as place
    from answered
),

hours as (
    select
        consents.*,
        case
            when consents.stated_from is not null or consents.stated_to is not null then 'stated'
            when usual.customer_id is not null then 'past answers'
            else 'house hours'
        end as window_basis,
        case
            when consents.stated_from is not null
                then
                    60 * {{ try_cast("substr(consents.stated_from, 1, 2)", 'integer') }}
                    + {{ try_cast("substr(consents.stated_from, 4, 2)", 'integer') }}
            when consents.stated_to is null then 60 * usual.answer_hour
        end as wished_from,
        case
            when consents.stated_to is not null
                then
                    60 * {{ try_cast("substr(consents.stated_to, 1, 2)", 'integer') }}
                    + {{ try_cast("substr(consents.stated_to, 4, 2)", 'integer') }}
            when consents.stated_from is null
                then 60 * (usual.answer_hour + rules.answer_window_hours)
        end as wished_to,
        60 * rules.call_hours_from as house_from,
        60 * rules.call_hours_to as house_to
    from {{ ref('int_customers__consents_judged') }} as consents
    cross join {{ ref('int_grading__rules_stated') }} as rules
    left join usual on consents.customer_id = usual.customer_id and usual.place = 1
),

cut as (
    select
        *,
        cast(greatest(coalesce(wished_from, house_from), house_from) as integer) as from_minute,
        cast(least(coalesce(wished_to, house_to), house_to) as integer) as to_minute
    from hours
)

select
    customer_id,
    is_contactable,
    consent_basis,
    case when is_contactable then coalesce(consent_channel, 'any') end as contact_channel,
    case when is_contactable then window_basis end as contact_window_basis,
    case when is_contactable and from_minute < to_minute then from_minute end
        as contact_from_minute,
    case when is_contactable and from_minute < to_minute then to_minute end as contact_to_minute,
    case
        when is_contactable and from_minute < to_minute
            then
                lpad(cast(cast(floor(from_minute / 60.0) as integer) as string), 2, '0') || ':'
                || lpad(cast(mod(from_minute, 60) as string), 2, '0') || '-'
                || lpad(cast(cast(floor(to_minute / 60.0) as integer) as string), 2, '0') || ':'
                || lpad(cast(mod(to_minute, 60) as string), 2, '0')
        when is_contactable then 'none'
    end as contact_window
from cut
