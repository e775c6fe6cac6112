-- The rule in force may lengthen the five years of the house and never shortens them. An approval
-- that comes after as_of covers nothing yet.
with dated as (
    select
        keeping.valid_from_date,
        keeping.keep_months,
        keeping.purge_until_date,
        keeping.approved_by,
        keeping.approved_date,
        rules.as_of,
        12 * cast(rules.verbatim_keep_years as integer) as house_months,
        row_number() over (order by keeping.valid_from_date desc nulls last) = 1 as is_in_force
    from {{ ref('int_feedback__rules_dated') }} as rules
    left join {{ ref('stg_reference__retention') }} as keeping
        on
            keeping.data_group = 'verbatim'
            and rules.as_of >= keeping.valid_from_date
)

select
    valid_from_date,
    is_in_force,
    cast(
        greatest(house_months, coalesce(keep_months, 0)) as integer
    ) as keep_months,
    case when approved_date <= as_of then purge_until_date end as purge_until_date,
    case when approved_date <= as_of then approved_by end as approved_by,
    case when approved_date <= as_of then approved_date end as approved_date
from dated
