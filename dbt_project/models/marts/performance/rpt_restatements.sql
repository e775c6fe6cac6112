-- The versions that were published, and this one, which is the next. A split is worked out on
-- demand (make restatements); until then the whole difference is told as not split.
with editions as (
    select
        version_no,
        figure,
        period_kind,
        period_start,
        figure_value,
        as_of as told_as_of,
        split_from_version_no,
        with_rules,
        with_late_data,
        with_corrections,
        with_identities
    from {{ ref('int_performance__figures_said') }}
    union all
    select
        coalesce(newest.version_no, 0) + 1 as version_no,
        told.figure,
        told.period_kind,
        told.period_start,
        told.figure_value,
        told.as_of as told_as_of,
        null as split_from_version_no,
        null as with_rules,
        null as with_late_data,
        null as with_corrections,
        null as with_identities
    from {{ ref('rpt_figures_told') }} as told
    cross join (
        select max(version_no) as version_no from {{ ref('int_performance__figures_said') }}
    ) as newest
),

followed as (
    select
        *,
        lag(version_no) over (
            partition by figure, period_kind, period_start order by version_no asc
        ) as version_before,
        lag(told_as_of) over (
            partition by figure, period_kind, period_start order by version_no asc
        ) as as_of_before,
        lag(figure_value) over (
            partition by figure, period_kind, period_start order by version_no asc
        ) as value_before
    from editions
),

restated as (
    select
        figure,
        period_kind,
        period_start,
        version_before,
        version_no as version_after,
        as_of_before,
        told_as_of as as_of_after,
        value_before,
        figure_value as value_after,
        with_rules,
        with_late_data,
        with_corrections,
        with_identities,
        value_before is null or figure_value is null as is_one_sided,
        coalesce(version_before = split_from_version_no, false)
        and value_before is not null
        and figure_value is not null as is_split
    from followed
    where
        version_before is not null
        and (
            value_before <> figure_value
            or (value_before is null and figure_value is not null)
            or (value_before is not null and figure_value is null)
        )
),

-- A step in which there is no value keeps that of the step before it.
stepped as (
    select
        figure,
        period_kind,
        period_start,
        version_before,
        version_after,
        as_of_before,
        as_of_after,
        value_before,
        value_after,
        is_one_sided,
        is_split,
        coalesce(with_rules, value_before) as with_rules,
        coalesce(with_late_data, with_rules, value_before) as with_late_data,
        coalesce(with_corrections, with_late_data, with_rules, value_before) as with_corrections,
        coalesce(
            with_identities, with_corrections, with_late_data, with_rules, value_before
        ) as with_identities
    from restated
)

select
    stepped.figure,
    stepped.period_kind,
    stepped.period_start,
    stepped.version_before,
    stepped.version_after,
    stepped.as_of_before,
    stepped.as_of_after,
    stepped.value_before,
    stepped.value_after,
    cast(stepped.value_after - stepped.value_before as decimal(28, 9)) as difference,
    cast(
        case when stepped.is_split then stepped.with_rules - stepped.value_before end
        as decimal(28, 9)
    ) as rule_effect,
    cast(
        case when stepped.is_split then stepped.with_late_data - stepped.with_rules end
        as decimal(28, 9)
    ) as late_effect,
    cast(
        case when stepped.is_split then stepped.with_corrections - stepped.with_late_data end
        as decimal(28, 9)
    ) as correction_effect,
    cast(
        case when stepped.is_split then stepped.with_identities - stepped.with_corrections end
        as decimal(28, 9)
    ) as identity_effect,
    cast(
        case when stepped.is_split then stepped.value_after - stepped.with_identities end
        as decimal(28, 9)
    ) as later_days_effect,
    cast(
        case
            when stepped.is_split then 0
            when not stepped.is_one_sided then stepped.value_after - stepped.value_before
        end as decimal(28, 9)
    ) as not_split,
    case
        when stepped.value_before is null then 'had no value before'
        when stepped.value_after is null then 'has no value now'
        when stepped.is_split then 'split'
        else 'not split yet'
    end as status,
    context.as_of
from stepped
cross join {{ ref('int_build__context_stated') }} as context
