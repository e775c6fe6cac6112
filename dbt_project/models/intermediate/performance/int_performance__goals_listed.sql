select
    goal_no,
    goal,
    name,
    name_zh
from {{ ref('ref_strategy_goals') }}
