-- What the customer said counts before what the facts suggest; of several, the latest.
with said as (
    select
        answers.customer_id,
        cast(answers.responded_at_local as date) as told_date,
        signs.reason,
        'stated' as reason_source,
        1 as priority,
        'exit answer ' || signs.code as evidence
    from {{ ref('int_surveys__identities_removed') }} as answers
    inner join {{ ref('ref_churn_signs') }} as signs
        on signs.source = 'exit_answer' and lower(answers.value_element) = signs.code
    where upper(answers.question_code) = 'EXIT_REASON' and answers.customer_id is not null
    union all
    select
        contacts.customer_id,
        cast(contacts.occurred_at as date) as told_date,
        signs.reason,
        'stated' as reason_source,
        1 as priority,
        'said in a contact: ' || signs.code as evidence
    from {{ ref('int_customers__interactions_linked') }} as contacts
    inner join {{ ref('ref_churn_signs') }} as signs
        on signs.source = 'contact_reason' and contacts.reason = signs.code
    where contacts.purpose = 'retention' and contacts.customer_id is not null
),

complained as (
    select
        complaints.customer_id,
        cast(complaints.received_at_local as date) as told_date,
        coalesce(by_cause.reason, by_type.reason) as reason,
        'inferred' as reason_source,
        2 as priority,
        'complaint of ' || cast(cast(complaints.received_at_local as date) as string)
        || coalesce(' about ' || complaints.complaint_type, '') as evidence
    from {{ ref('int_complaints__received_localised') }} as complaints
    left join {{ ref('ref_churn_signs') }} as by_cause
        on by_cause.source = 'complaint_cause' and complaints.cause = by_cause.code
    left join {{ ref('ref_churn_signs') }} as by_type
        on by_type.source = 'complaint_type' and complaints.complaint_type = by_type.code
    where complaints.customer_id is not null
),

candidates as (
    select
        losses.customer_id,
        losses.lost_date,
        said.reason,
        said.reason_source,
        said.priority,
        said.told_date,
        said.evidence
    from {{ ref('int_churn__losses_found') }} as losses
    cross join {{ ref('int_churn__rules_dated') }} as rules
    inner join said
        on
            losses.customer_id = said.customer_id
            and losses.last_purchase_date <= said.told_date
            and said.told_date <= coalesce(losses.returned_date, rules.as_of)
    union all
    select
        losses.customer_id,
        losses.lost_date,
        complained.reason,
        complained.reason_source,
        complained.priority,
        complained.told_date,
        complained.evidence
    from {{ ref('int_churn__losses_found') }} as losses
    cross join {{ ref('int_churn__rules_dated') }} as rules
    inner join complained
        on
            losses.customer_id = complained.customer_id
            and {{ days_between('complained.told_date', 'losses.last_purchase_date') }}
            <= rules.reason_complaint_days
            and losses.lost_date >= complained.told_date
    where complained.reason is not null
    union all
    select
        losses.customer_id,
        losses.lost_date,
        'staff_turnover' as reason,
        'inferred' as reason_source,
        3 as priority,
        departures.left_date as told_date,
        'main seller ' || departures.staff_id || ' left on '
        || cast(departures.left_date as string) as evidence
    from {{ ref('int_churn__losses_found') }} as losses
    cross join {{ ref('int_churn__rules_dated') }} as rules
    inner join {{ ref('int_churn__sellers_found') }} as sellers
        on losses.customer_id = sellers.customer_id
    inner join {{ ref('int_churn__departures_dated') }} as departures
        on
            sellers.staff_id = departures.staff_id
            and abs({{ days_between('departures.left_date', 'losses.last_purchase_date') }})
            <= rules.reason_staff_days
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id, lost_date
            order by priority asc, told_date desc, reason asc, evidence asc
        ) as place
    from candidates
)

select
    losses.customer_id,
    losses.lost_date,
    coalesce(ranked.reason, 'unknown') as reason,
    coalesce(ranked.reason_source, 'unknown') as reason_source,
    ranked.evidence
from {{ ref('int_churn__losses_found') }} as losses
left join ranked
    on
        losses.customer_id = ranked.customer_id
        and losses.lost_date = ranked.lost_date
        and ranked.place = 1
