select
    listed.feed,
    count(files.file_path) > 0 as is_delivered,
    max(files.delivery_date) as last_delivery_date
from {{ ref('int_loads__feeds_listed') }} as listed
left join {{ ref('int_loads__files_settled') }} as files
    on listed.feed = files.feed and files.status <> 'rejected'
group by listed.feed
