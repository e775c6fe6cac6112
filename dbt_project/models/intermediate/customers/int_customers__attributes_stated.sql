-- What each department says of a customer; of several statements of one source the newest.
with complained as (
    select
        coalesce(merged.customer_id, complaints.customer_id) as customer_id,
        coalesce(cities.corrected_value, complaints.city) as city,
        row_number() over (
            partition by coalesce(merged.customer_id, complaints.customer_id)
            order by complaints.received_at desc, complaints.complaint_id desc
        ) as place
    from {{ ref('stg_complaints__complaints') }} as complaints
    left join {{ ref('int_quality__aliases_dated') }} as cities
        on cities.domain = 'city' and complaints.city = cities.alias
    left join {{ ref('int_customers__numbers_merged') }} as merged
        on complaints.customer_id = merged.member_id
    where complaints.customer_id is not null and complaints.city is not null
),

levels as (
    select
        customer_id,
        member_level,
        row_number() over (
            partition by customer_id
            order by period desc, period_kind asc, level_from_date desc, member_id asc
        ) as place
    from {{ ref('int_customers__periods_linked') }}
    where member_level is not null
),

consents as (
    select
        customer_id,
        max(case when withdrawn_at is null then 1 else 0 end) = 1 as has_consent
    from {{ ref('int_customers__consents_linked') }}
    where purpose = 'marketing'
    group by customer_id
),

prospects as (
    select
        customer_id,
        source_channel,
        referrer_id,
        row_number() over (
            partition by customer_id
            order by first_contact_date desc, prospect_id desc
        ) as place
    from {{ ref('int_customers__prospects_linked') }}
    where customer_id is not null
),

stated as (
    {% for attribute, column in [
        ('city', 'city'),
        ('member_level', 'member_level'),
        ('marketing_consent', 'has_marketing_consent'),
        ('source_channel', 'source_channel'),
        ('referrer_id', 'referrer_id'),
    ] %}
    select
        customer_id,
        '{{ attribute }}' as attribute,
        'customers' as feed,
        cast({{ column }} as string) as stated_value
    from {{ ref('int_customers__contacts_removed') }}
    union all
    {% endfor %}
    select
        customer_id,
        'city' as attribute,
        'complaints' as feed,
        city as stated_value
    from complained
    where place = 1
    union all
    select
        customer_id,
        'member_level' as attribute,
        'ref_members' as feed,
        member_level as stated_value
    from levels
    where place = 1
    union all
    select
        customer_id,
        'marketing_consent' as attribute,
        'ref_consents' as feed,
        cast(has_consent as string) as stated_value
    from consents
    {% for attribute in ['source_channel', 'referrer_id'] %}
    union all
    select
        customer_id,
        '{{ attribute }}' as attribute,
        'ref_prospects' as feed,
        {{ attribute }} as stated_value
    from prospects
    where place = 1
    {% endfor %}
)

select
    customer_id,
    attribute,
    feed,
    stated_value
from stated
where stated_value is not null
