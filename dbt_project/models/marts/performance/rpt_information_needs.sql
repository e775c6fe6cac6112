-- From the need to the feeds, the marts and the report that answers it. Of a need asked for the
-- feeds are those it names, of a standing one those that the report is built from.
with published as (
    select
        marts.object_name,
        reports.mart_group,
        reports.marts,
        reports.feeds
    from {{ ref('int_build__marts_listed') }} as marts
    left join {{ ref('int_build__reports_listed') }} as reports
        on marts.object_name = reports.report
),

traced as (
    select
        needs.need_id,
        needs.origin,
        needs.need,
        needs.field,
        needs.kind,
        needs.needed_precision,
        needs.timeliness_days,
        needs.owner,
        coalesce(needs.feeds, published.feeds) as feeds,
        published.marts,
        needs.report,
        published.object_name is not null as is_published
    from {{ ref('int_build__needs_listed') }} as needs
    left join published on needs.report = published.object_name
),

-- Of a standing need the feeds are all that the report could use: only what was asked for by name
-- can be missed.
missing as (
    select
        traced.need_id,
        {{ text_list('delivered.feed', ', ', 'delivered.feed') }} as feeds
    from (
        select distinct
            need_id,
            feeds
        from traced
        where origin = 'asked'
    ) as traced
    inner join {{ ref('int_loads__feeds_delivered') }} as delivered
        on
            not delivered.is_delivered
            and {{ text_position("';' || delivered.feed || ';'", "';' || traced.feeds || ';'") }}
            > 0
    group by traced.need_id
)

select
    traced.need_id,
    traced.origin,
    traced.need,
    traced.field,
    traced.kind,
    traced.needed_precision,
    cast(traced.timeliness_days as integer) as timeliness_days,
    traced.owner,
    traced.feeds,
    traced.marts,
    coalesce(traced.report, 'none') as report,
    case
        when traced.report is null then 'no report'
        when not traced.is_published then 'no such report'
        when missing.feeds is not null then 'no data'
        else 'met'
    end as status,
    missing.feeds as missing_feeds,
    context.as_of
from traced
cross join {{ ref('int_build__context_stated') }} as context
left join missing on traced.need_id = missing.need_id
