-- The delivery that first brought a row; a correction later is no new arrival.
select
    delivered.feed,
    delivered.row_key,
    min(loads.delivery_date) as arrived_date
from {{ ref('stg_lake__rows') }} as delivered
inner join {{ ref('stg_lake__loads') }} as loads
    on delivered.feed = loads.feed and delivered.load_id = loads.load_id
where delivered.feed in ('complaints', 'survey_responses', 'ref_feedback')
group by delivered.feed, delivered.row_key
