-- When a customer had to be asked and when that was done. New: once at the first purchase. Active:
-- survey_active_days after the last survey (or the first purchase), if then an active customer.
-- Lost: when churn_days have passed without a purchase; coming back settles it too. Nobody is due
-- within survey_min_gap_days of a survey.
with surveyed as (
    select distinct
        customer_id,
        cast(responded_at_local as date) as survey_date
    from {{ ref('int_surveys__identities_removed') }}
    where customer_id is not null and responded_at_local is not null
),

days as (
    select
        customer_id,
        business_date,
        min(business_date) over (partition by customer_id) as first_purchase_date,
        lead(business_date) over (partition by customer_id order by business_date asc)
            as next_purchase_date
    from {{ ref('int_sales__customer_days_summarised') }}
    where receipts > 0
),

firsts as (
    select
        customer_id,
        min(business_date) as first_purchase_date
    from days
    group by customer_id
),

anchors as (
    select
        customer_id,
        first_purchase_date as anchor_date
    from firsts
    union
    select
        surveyed.customer_id,
        surveyed.survey_date as anchor_date
    from surveyed
    inner join firsts on surveyed.customer_id = firsts.customer_id
    where surveyed.survey_date >= firsts.first_purchase_date
),

wanted as (
    select
        customer_id,
        'new' as survey_trigger,
        first_purchase_date as wanted_date,
        cast(null as date) as settled_date
    from firsts
    union all
    select
        anchors.customer_id,
        'active' as survey_trigger,
        {{ add_days('anchors.anchor_date', 'cast(rules.survey_active_days as integer)') }}
            as wanted_date,
        cast(null as date) as settled_date
    from anchors
    cross join {{ ref('int_surveys__rules_dated') }} as rules
    where
        exists (
            select 1
            from days
            where
                days.customer_id = anchors.customer_id
                and days.business_date
                <= {{ add_days(
                    'anchors.anchor_date', 'cast(rules.survey_active_days as integer)'
                ) }}
                and {{ add_days(
                    'days.business_date', 'cast(rules.lifecycle_active_window_days as integer)'
                ) }}
                > {{ add_days('anchors.anchor_date', 'cast(rules.survey_active_days as integer)') }}
        )
    union all
    select
        days.customer_id,
        'lost' as survey_trigger,
        {{ add_days('days.business_date', 'cast(rules.churn_days as integer)') }} as wanted_date,
        days.next_purchase_date as settled_date
    from days
    cross join {{ ref('int_surveys__rules_dated') }} as rules
    where
        days.next_purchase_date is null
        or days.next_purchase_date
        > {{ add_days('days.business_date', 'cast(rules.churn_days as integer)') }}
),

spaced as (
    select
        wanted.customer_id,
        wanted.survey_trigger,
        wanted.wanted_date,
        wanted.settled_date,
        max(case when surveyed.survey_date < wanted.wanted_date then surveyed.survey_date end)
            as survey_before_date,
        min(case when surveyed.survey_date >= wanted.wanted_date then surveyed.survey_date end)
            as survey_after_date
    from wanted
    left join surveyed on wanted.customer_id = surveyed.customer_id
    group by
        wanted.customer_id, wanted.survey_trigger, wanted.wanted_date, wanted.settled_date
),

dated as (
    select
        spaced.customer_id,
        spaced.survey_trigger,
        greatest(
            spaced.wanted_date,
            coalesce(
                {{ add_days(
                    'spaced.survey_before_date', 'cast(rules.survey_min_gap_days as integer)'
                ) }},
                spaced.wanted_date
            )
        ) as due_date,
        case
            when spaced.settled_date <= coalesce(spaced.survey_after_date, spaced.settled_date)
                then spaced.settled_date
            else spaced.survey_after_date
        end as done_date,
        spaced.survey_before_date,
        rules.survey_active_days,
        rules.as_of
    from spaced
    cross join {{ ref('int_surveys__rules_dated') }} as rules
)

select
    customer_id,
    survey_trigger,
    due_date,
    done_date,
    survey_before_date
from dated
where
    due_date <= as_of
    -- A survey between the anchor and the day takes the place of this one.
    and not (
        survey_trigger = 'active'
        and coalesce(
            survey_before_date
            > {{ add_days('due_date', '-cast(survey_active_days as integer)') }},
            false
        )
    )
