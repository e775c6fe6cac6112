select
    feedback_id,
    source_kind,
    door,
    store_id,
    captured_date,
    collected_date,
    assessed_date,
    improved_date,
    verified_date,
    cast(step_no as integer) as step_no,
    case step_no
        when 4 then '跟踪验证'
        when 3 then '响应改进'
        when 2 then '分析评估'
        else '收集分类'
    end as step_zh,
    cast(
        {{ days_between(
            'coalesce(verified_date, improved_date, assessed_date, collected_date)', 'as_of'
        ) }} as integer
    ) as days_at_step,
    has_loop,
    as_of
from {{ ref('int_feedback__loops_followed') }}
