{% set sums = [
    'points_opening', 'points_earned', 'points_redeemed', 'points_expired', 'points_closing',
    'rewards_offered', 'rewards_redeemed', 'reward_cost',
] %}
{% set rights = ['has_birthday_gift', 'has_exclusive_offer', 'has_priority_service'] %}

-- A card's periods in order, with what has to hold between them, and those of a customer's cards
-- together: points add up, the card of the newest level speaks, and what holds must hold of each.
with ordered as (
    select
        *,
        lag(points_closing) over (
            partition by member_id, period_kind order by period asc
        ) as closing_before
    from {{ ref('int_customers__periods_linked') }}
),

judged as (
    select
        *,
        points_opening + points_earned - points_redeemed - points_expired = points_closing
            as is_balanced,
        coalesce(closing_before = points_opening, true) as is_carried_over,
        points_closing < 0
        or points_redeemed + points_expired > points_opening + points_earned as is_overdrawn,
        row_number() over (
            partition by customer_id, period, period_kind
            order by level_from_date desc nulls last, member_id asc
        ) as place
    from ordered
)

select
    customer_id,
    period,
    period_kind,
    max(case when place = 1 then member_level end) as member_level,
    max(case when place = 1 then level_from_date end) as level_from_date,
    max(case when place = 1 then activities end) as activities,
    {% for column in sums %}
    sum({{ column }}) as {{ column }},
    {% endfor %}
    {% for column in rights %}
    max(case when {{ column }} then 1 when not {{ column }} then 0 end) = 1 as {{ column }},
    {% endfor %}
    min(case when is_balanced then 1 when not is_balanced then 0 end) = 1 as is_balanced,
    min(case when is_carried_over then 1 else 0 end) = 1 as is_carried_over,
    max(case when is_overdrawn then 1 when not is_overdrawn then 0 end) = 1 as is_overdrawn
from judged
group by customer_id, period, period_kind
