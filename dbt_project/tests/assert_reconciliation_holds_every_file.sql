{{ config(meta={'requirements': ['DQ-06']}) }}

-- By store and date comes to the same as by file: no row is left out or told twice.
with files as (
    select
        feed,
        sum(rows_received) as rows_received,
        sum(rows_quarantined) as rows_quarantined,
        sum(rows_duplicate) as rows_duplicate,
        sum(net_amount_received) as net_amount_received,
        sum(net_amount_quarantined) as net_amount_quarantined
    from {{ ref('audit_loads') }}
    group by feed
),

cells as (
    select
        feed,
        sum(rows_received) as rows_received,
        sum(rows_quarantined) as rows_quarantined,
        sum(rows_duplicate) as rows_duplicate,
        sum(net_amount_received) as net_amount_received,
        sum(net_amount_quarantined) as net_amount_quarantined
    from {{ ref('rpt_reconciliation') }}
    group by feed
)

select
    files.feed,
    files.rows_received,
    cells.rows_received as rows_received_by_cell,
    files.rows_quarantined,
    cells.rows_quarantined as rows_quarantined_by_cell,
    files.net_amount_received,
    cells.net_amount_received as net_amount_received_by_cell
from files
left join cells on files.feed = cells.feed
where
    files.rows_received > 0
    and (
        cells.feed is null
        or files.rows_received <> cells.rows_received
        or files.rows_quarantined <> cells.rows_quarantined
        or files.rows_duplicate <> cells.rows_duplicate
        or files.net_amount_received <> cells.net_amount_received
        or files.net_amount_quarantined <> cells.net_amount_quarantined
    )
