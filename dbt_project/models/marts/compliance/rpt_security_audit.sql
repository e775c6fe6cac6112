with audits as (
    select max(audit_date) as audit_date
    from {{ ref('int_compliance__audits_dated') }}
)

select
    'audit' as subject,
    cast(null as string) as finding_id,
    cast(null as string) as owner_id,
    audits.audit_date as found_date,
    {{ add_days('audits.audit_date', 'cast(rules.security_audit_days as integer)') }} as due_date,
    cast(null as date) as fixed_date,
    cast({{ days_between('audits.audit_date', 'rules.as_of') }} as integer) as age_days,
    case
        when audits.audit_date is null then 'no data'
        when {{ days_between('audits.audit_date', 'rules.as_of') }} > rules.security_audit_days
            then 'overdue'
        else 'in time'
    end as status,
    rules.as_of
from audits
cross join {{ ref('int_compliance__rules_dated') }} as rules
union all
select
    'finding' as subject,
    findings.finding_id,
    findings.owner_id,
    findings.found_date,
    findings.due_date,
    findings.fixed_date,
    cast(
        {{ days_between('findings.found_date', 'coalesce(findings.fixed_date, rules.as_of)') }}
        as integer
    ) as age_days,
    case
        when findings.fixed_date is not null then 'fixed'
        when findings.due_date is null then 'no due date'
        when findings.due_date < rules.as_of then 'overdue'
        else 'open'
    end as status,
    rules.as_of
from {{ ref('int_compliance__findings_dated') }} as findings
cross join {{ ref('int_compliance__rules_dated') }} as rules
