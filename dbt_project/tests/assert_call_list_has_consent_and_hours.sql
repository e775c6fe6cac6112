{{ config(meta={'requirements': ['C360-09', 'XSELL-04', 'XSELL-05']}) }}

-- Nobody on a list to be contacted is without consent; nobody is called outside the hours.
with listed as (
    select
        customer_id,
        'call list' as list,
        contact_from_minute,
        contact_to_minute
    from {{ ref('rpt_call_list') }}
    union all
    select
        customer_id,
        'recommendations' as list,
        null as contact_from_minute,
        null as contact_to_minute
    from {{ ref('rpt_recommendations') }}
)

select
    listed.customer_id,
    listed.list,
    profiles.is_contactable,
    listed.contact_from_minute,
    listed.contact_to_minute
from listed
cross join {{ ref('int_grading__rules_stated') }} as rules
left join {{ ref('mart_customer_360') }} as profiles on listed.customer_id = profiles.customer_id
where
    not coalesce(profiles.is_contactable, false)
    or (
        listed.list = 'call list'
        and (
            listed.contact_from_minute is null
            or listed.contact_from_minute < 60 * rules.call_hours_from
            or listed.contact_to_minute > 60 * rules.call_hours_to
            or listed.contact_from_minute >= listed.contact_to_minute
        )
    )
