-- The duty to keep silent outlasts the agreement, so an ended one stays in the list.
select
    agreements.agreement_id,
    agreements.kind,
    agreements.party_kind,
    agreements.party_id,
    agreements.signed_date,
    agreements.valid_from_date,
    agreements.valid_to_date,
    agreements.obligation_to_date,
    agreements.owner_id,
    agreements.review_date,
    agreements.missing_clauses,
    case
        when agreements.agreement_id is null then 'missing'
        when agreements.valid_from_date > rules.as_of then 'not yet valid'
        when agreements.valid_to_date < rules.as_of and agreements.obligation_to_date >= rules.as_of
            then 'ended, duty holds'
        when agreements.valid_to_date < rules.as_of then 'ended'
        when
            agreements.valid_to_date
            <= {{ add_days('rules.as_of', 'cast(rules.agreement_notice_days as integer)') }}
            then 'ends soon'
        else 'valid'
    end as status,
    nullif(
        substr(
            case when agreements.agreement_id is null then '; no such rule' else '' end
            || case when agreements.owner_id is null then '; no owner' else '' end
            || case when agreements.review_date < rules.as_of then '; review overdue' else '' end
            || coalesce('; missing clauses ' || agreements.missing_clauses, ''),
            3
        ),
        ''
    ) as findings,
    rules.as_of
from {{ ref('int_compliance__agreements_stated') }} as agreements
cross join {{ ref('int_compliance__rules_dated') }} as rules
