{{ config(meta={'requirements': ['FEED-10', 'SEC-06', 'XSELL-04']}) }}

-- Judged from what was delivered and not by the model that the lists read: whoever took every
-- consent to marketing back, asked to be erased, or refused in the member list and consented to
-- nothing since, stands on no list of people to be contacted. A consent to surveys stands alone.
with consents as (
    select
        given.customer_id,
        given.purpose,
        max(
            case
                when
                    given.withdrawn_at is null
                    or cast(given.withdrawn_at as date) >= context.as_of
                    then 1
                else 0
            end
        ) as holds
    from {{ ref('int_customers__consents_linked') }} as given
    cross join {{ ref('int_build__context_stated') }} as context
    where given.purpose in ('marketing', 'survey')
    group by given.customer_id, given.purpose
),

barred as (
    select
        customers.customer_id,
        survey.customer_id is not null and survey.holds = 1 as may_be_asked
    from {{ ref('stg_reference__customers') }} as customers
    left join consents as marketing
        on customers.customer_id = marketing.customer_id and marketing.purpose = 'marketing'
    left join consents as survey
        on customers.customer_id = survey.customer_id and survey.purpose = 'survey'
    where
        marketing.holds = 0
        or (marketing.customer_id is null and not coalesce(customers.has_marketing_consent, true))
    union all
    select
        consents.customer_id,
        false as may_be_asked
    from {{ ref('int_customers__consents_linked') }} as consents
    cross join {{ ref('int_build__context_stated') }} as context
    where cast(consents.erasure_requested_at as date) < context.as_of
),

listed as (
    select
        customer_id,
        'rpt_call_list' as list
    from {{ ref('rpt_call_list') }}
    union all
    select
        customer_id,
        'rpt_recommendations' as list
    from {{ ref('rpt_recommendations') }}
    union all
    select
        customer_id,
        'mart_winback' as list
    from {{ ref('mart_winback') }}
    union all
    select
        customer_id,
        'rpt_b_upgrade_candidates' as list
    from {{ ref('rpt_b_upgrade_candidates') }}
    union all
    select
        customer_id,
        'rpt_next_action' as list
    from {{ ref('rpt_next_action') }}
    where channel <> 'store'
    union all
    select
        customer_id,
        'rpt_survey_due' as list
    from {{ ref('rpt_survey_due') }}
)

select
    listed.list,
    listed.customer_id
from listed
inner join barred on listed.customer_id = barred.customer_id
where listed.list <> 'rpt_survey_due' or not barred.may_be_asked
