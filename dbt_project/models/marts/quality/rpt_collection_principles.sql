-- Lawful, useful and complete: each principle as a share that can be followed.
with members as (
    select
        count(*) as members,
        count(case when has_basis then 1 end) as with_basis,
        count(case when has_transaction then 1 end) as with_transaction,
        count(case when has_need then 1 end) as with_need,
        sum(basic_fields_filled) as fields_filled,
        sum(basic_fields) as fields
    from {{ ref('int_customers__records_completed') }}
),

fields as (
    select
        count(*) as fields,
        count(case when not is_unused then 1 end) as used
    from {{ ref('int_quality__fields_listed') }}
),

measures as (
    select
        'lawful' as principle,
        'members with a legal basis' as measure,
        'ref_consents' as feed,
        with_basis as numerator,
        members as denominator
    from members
    union all
    select
        'useful' as principle,
        'personal fields that a mart or report uses' as measure,
        'customers' as feed,
        used as numerator,
        fields as denominator
    from fields
    union all
    select
        'complete' as principle,
        'basic fields that are filled' as measure,
        'customers' as feed,
        fields_filled as numerator,
        fields as denominator
    from members
    union all
    select
        'complete' as principle,
        'members with a transaction' as measure,
        'pos_sales' as feed,
        with_transaction as numerator,
        members as denominator
    from members
    union all
    select
        'complete' as principle,
        'members who told a need' as measure,
        'survey_responses' as feed,
        with_need as numerator,
        members as denominator
    from members
)

select
    measures.principle,
    measures.measure,
    cast(case when delivered.is_delivered then measures.numerator end as bigint) as numerator,
    cast(case when delivered.is_delivered then measures.denominator end as bigint) as denominator,
    case
        when delivered.is_delivered
            then cast(measures.numerator as double) / nullif(measures.denominator, 0)
    end as share,
    case when delivered.is_delivered then 'measured' else 'no data' end as status,
    context.as_of
from measures
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_loads__feeds_delivered') }} as delivered on measures.feed = delivered.feed
