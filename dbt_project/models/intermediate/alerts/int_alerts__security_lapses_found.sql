-- An audit that was not repeated in time, and a finding that was not repaired in time.
select
    'SECURITY_AUDIT_DUE' as alert_code,
    'chain' as entity_type,
    'own' as entity_id,
    {{ add_days('audits.audit_date', 'cast(rules.security_audit_days as integer) + 1') }}
        as started_date,
    audits.next_audit_date as ended_date,
    cast(
        {{ days_between('audits.audit_date', 'coalesce(audits.next_audit_date, rules.as_of)') }}
        as double
    ) as measure,
    cast(rules.security_audit_days as double) as threshold,
    'the audit was held' as healed_by
from {{ ref('int_compliance__audits_dated') }} as audits
cross join {{ ref('int_compliance__rules_dated') }} as rules
where
    {{ days_between('audits.audit_date', 'coalesce(audits.next_audit_date, rules.as_of)') }}
    > rules.security_audit_days
union all
select
    'SECURITY_FINDING_OVERDUE' as alert_code,
    'finding' as entity_type,
    findings.finding_id as entity_id,
    {{ add_days('findings.due_date', 1) }} as started_date,
    findings.fixed_date as ended_date,
    cast(
        {{ days_between('findings.due_date', 'coalesce(findings.fixed_date, rules.as_of)') }}
        as double
    ) as measure,
    cast(0 as double) as threshold,
    'the hole was repaired' as healed_by
from {{ ref('int_compliance__findings_dated') }} as findings
cross join {{ ref('int_compliance__rules_dated') }} as rules
where coalesce(findings.fixed_date, rules.as_of) > findings.due_date
