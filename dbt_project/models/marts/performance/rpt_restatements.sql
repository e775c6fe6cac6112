-- The versions that were published, and this one, which is the next. A split is worked out on
-- demand (make restatements); until then the whole difference is told as not split.
with editions as (
    select
        cast(version as integer) as version_no,
        figure,
        period_kind,
        period_start,
        figure_value,
        as_of as told_as_of
    from {{ ref('stg_lake__figures_said') }}
    union all
    select
        coalesce(newest.version_no, 0) + 1 as version_no,
        told.figure,
        told.period_kind,
        told.period_start,
        told.figure_value,
        told.as_of as told_as_of
    from {{ ref('rpt_figures_told') }} as told
    cross join (
        select max(cast(version as integer)) as version_no from {{ ref('stg_lake__figures_said') }}
    ) as newest
),

followed as (
    select
        figure,
        period_kind,
        period_start,
        version_no as version_after,
        told_as_of as as_of_after,
        figure_value as value_after,
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
        *,
        value_before is null or value_after is null as is_one_sided
    from followed
    where
        version_before is not null
        and (
            value_before <> value_after
            or (value_before is null and value_after is not null)
            or (value_before is not null and value_after is null)
        )
),

-- A step in which there is no value keeps that of the step before it.
stepped as (
    select
        restated.*,
        split.version_before is not null and not restated.is_one_sided as is_split,
        coalesce(split.with_rules, restated.value_before) as with_rules,
        coalesce(split.with_late_data, split.with_rules, restated.value_before) as with_late_data,
        coalesce(
            split.with_corrections, split.with_late_data, split.with_rules, restated.value_before
        ) as with_corrections,
        coalesce(
            split.with_identities, split.with_corrections, split.with_late_data, split.with_rules,
            restated.value_before
        ) as with_identities
    from restated
    left join {{ ref('stg_lake__figures_split') }} as split
        on
            restated.version_before = cast(split.version_before as integer)
            and restated.version_after = cast(split.version_after as integer)
            and restated.figure = split.figure
            and restated.period_kind = split.period_kind
            and restated.period_start = split.period_start
)

select
    stepped.figure,
    stepped.period_kind,
    stepped.period_start,
    cast(stepped.version_before as integer) as version_before,
    cast(stepped.version_after as integer) as version_after,
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
