-- Without receipts nobody can say that a report was not read.
with reads as (
    select
        receipts.report,
        count(distinct receipts.reader_id) as readers,
        max(receipts.read_date) as last_read_date,
        count(
            case
                when
                    receipts.read_date
                    > {{ add_days('context.as_of', '-cast(span.value_number as integer)') }}
                    then 1
            end
        ) as reads
    from {{ ref('int_build__reads_localised') }} as receipts
    cross join {{ ref('int_build__context_stated') }} as context
    inner join {{ ref('int_parameters__periods_dated') }} as span
        on
            span.code = 'report_unread_days'
            and context.as_of >= span.valid_from
            and context.as_of < span.valid_before
    where receipts.read_date <= context.as_of
    group by receipts.report
)

select
    reports.report,
    reports.owner,
    cast(case when delivered.is_delivered then coalesce(reads.reads, 0) end as integer) as reads,
    cast(case when delivered.is_delivered then coalesce(reads.readers, 0) end as integer)
        as readers_ever,
    reads.last_read_date,
    case
        when not delivered.is_delivered then 'no data'
        when coalesce(reads.reads, 0) = 0 then 'unread'
        else 'read'
    end as status,
    context.as_of
from {{ ref('int_build__reports_listed') }} as reports
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_loads__feeds_delivered') }} as delivered
    on delivered.feed = 'ref_read_receipts'
left join reads on reports.report = reads.report
