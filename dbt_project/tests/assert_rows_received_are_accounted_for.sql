-- received = accepted + duplicate + quarantined + suppressed, per file, in rows and money; a
-- rejected file is quarantined whole.
select
    feed,
    file_path,
    load_id,
    rows_received,
    rows_accepted,
    rows_duplicate,
    rows_quarantined,
    rows_suppressed,
    net_amount_received,
    net_amount_accepted,
    net_amount_duplicate,
    net_amount_quarantined
from {{ ref('audit_loads') }}
where
    (status = 'rejected' and rows_accepted > 0)
    or rows_received is null
    or rows_received <> rows_accepted + rows_duplicate + rows_quarantined + rows_suppressed
    or net_amount_received
    <> net_amount_accepted + net_amount_duplicate + net_amount_quarantined
