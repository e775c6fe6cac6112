-- What the chain asked for, a line for each report that it names; and the standing needs of the
-- house, a line for each report of the group that answers it.
with positions as (
    select cast(generated_number as integer) as part_no
    from ({{ numbers(50) }}) as counted
),

asked as (
    select
        needs.need_id,
        'asked' as origin,
        needs.need,
        needs.field,
        needs.kind,
        needs.needed_precision,
        needs.timeliness_days,
        needs.feeds,
        needs.owner_id as owner,
        nullif(trim({{ text_part("coalesce(needs.reports, '')", ';', 'positions.part_no') }}), '')
            as report,
        positions.part_no
    from {{ ref('stg_reference__information_needs') }} as needs
    cross join positions
)

select distinct
    need_id,
    origin,
    need,
    field,
    kind,
    needed_precision,
    timeliness_days,
    feeds,
    owner,
    report
from asked
where report is not null
union all
select
    need_id,
    origin,
    need,
    field,
    kind,
    needed_precision,
    timeliness_days,
    feeds,
    owner,
    null as report
from asked
group by
    need_id, origin, need, field, kind, needed_precision, timeliness_days, feeds, owner
having max(report) is null
union all
select
    needs.need_id,
    'standing' as origin,
    needs.need,
    needs.field,
    needs.kind,
    needs.needed_precision,
    needs.timeliness_days,
    null as feeds,
    needs.owner,
    reports.report
from {{ ref('ref_report_needs') }} as needs
left join {{ ref('int_build__reports_listed') }} as reports
    on needs.mart_group = reports.mart_group
