-- A file is mended by one of the same path; both belong to one delivery date.
with files as (
    select
        feed,
        file_path,
        delivery_date,
        count(case when status = 'rejected' then 1 end) as rejected,
        count(case when status <> 'rejected' then 1 end) as loaded
    from {{ ref('int_loads__files_settled') }}
    group by feed, file_path, delivery_date
)

select
    'DQ_CRITICAL' as alert_code,
    'file' as entity_type,
    file_path as entity_id,
    delivery_date as opened_date,
    case when loaded > 0 then delivery_date end as closed_date,
    cast(rejected as double) as alert_value,
    cast(0 as double) as threshold,
    case when loaded > 0 then 'a file of the same path was loaded' end as feedback
from files
where rejected > 0
