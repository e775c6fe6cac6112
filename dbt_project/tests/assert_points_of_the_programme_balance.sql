{{ config(meta={'requirements': ['LOY-14']}) }}

select
    customer_id,
    period_kind,
    period,
    points_status
from {{ ref('mart_loyalty_programme') }}
where
    points_opening + points_earned - points_redeemed - points_expired <> points_closing
    or points_closing < 0
    or points_redeemed + points_expired > points_opening + points_earned
