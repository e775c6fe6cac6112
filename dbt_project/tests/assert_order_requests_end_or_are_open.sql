{{ config(meta={'requirements': ['FEED-14']}) }}

with requests as (
    select
        coalesce(case_id, interaction_id) as case_id,
        max(case when order_status in ('delivered', 'cancelled') then 1 else 0 end) as has_end
    from {{ ref('fct_interaction') }}
    where kind = 'order_request'
    group by 1
)

select requests.case_id
from requests
left join {{ ref('rpt_open_requests') }} as listed on requests.case_id = listed.case_id
where requests.has_end = 0 and listed.case_id is null
