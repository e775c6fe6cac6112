-- A version holds from the day on which the source changed it, or of its delivery where the source
-- does not say; never from before the version that it replaces. Of several versions of a day the
-- last one counts; a version that is delivered again is no new one. Of a customer with several
-- member records the one that changed last speaks.
with linked as (
    select
        versions.*,
        coalesce(merged.customer_id, versions.customer_id) as golden_id,
        coalesce(referrers.customer_id, versions.referrer_id) as golden_referrer_id
    from {{ ref('stg_reference__customer_versions') }} as versions
    left join {{ ref('int_customers__numbers_merged') }} as merged
        on versions.customer_id = merged.member_id
    left join {{ ref('int_customers__numbers_merged') }} as referrers
        on versions.referrer_id = referrers.member_id
),

ordered as (
    select
        *,
        row_number() over (
            partition by golden_id
            order by
                updated_at asc nulls first,
                exported_at asc nulls first,
                row_hash asc,
                load_id desc,
                file_row desc
        ) as golden_no
    from linked
),

dated as (
    select
        versions.*,
        lag(versions.row_hash) over (
            partition by versions.golden_id
            order by versions.golden_no asc
        ) as hash_before,
        coalesce(
            cast(
                case
                    when versions.updated_at_is_utc
                        then {{ utc_to_local('versions.updated_at', 'context.chain_timezone') }}
                    else versions.updated_at
                end as date
            ),
            loads.delivery_date
        ) as stated_date
    from ordered as versions
    cross join {{ ref('int_build__context_stated') }} as context
    inner join {{ ref('int_loads__files_settled') }} as loads
        on
            loads.feed = 'customers'
            and versions.load_id = loads.load_id
            and loads.status = 'loaded'
),

started as (
    select
        *,
        max(stated_date) over (
            partition by golden_id
            order by golden_no asc
            rows between unbounded preceding and current row
        ) as valid_from
    from dated
    where hash_before is null or row_hash <> hash_before
),

lasting as (
    select
        *,
        row_number() over (
            partition by golden_id, valid_from
            order by golden_no desc
        ) as place_on_day
    from started
)

select
    lasting.golden_id as customer_id,
    lasting.valid_from,
    lead(lasting.valid_from) over (
        partition by lasting.golden_id
        order by lasting.valid_from asc
    ) as valid_before,
    lasting.sex,
    cast(lasting.birth_year as integer) as birth_year,
    coalesce(cities.corrected_value, lasting.city) as city,
    lasting.occupation,
    lasting.education,
    lasting.income_band,
    lasting.household,
    lasting.source_channel,
    case when lasting.golden_referrer_id <> lasting.golden_id then lasting.golden_referrer_id end
        as referrer_id,
    lasting.points_balance,
    lasting.member_level,
    lasting.has_marketing_consent,
    lasting.key_override
from lasting
left join {{ ref('int_quality__aliases_dated') }} as cities
    on cities.domain = 'city' and lasting.city = cities.alias
where lasting.place_on_day = 1
