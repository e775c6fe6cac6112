-- A mean of three dimensions needs all three. What a dealer gets is money, what he depends is a
-- share.
select
    partners.partner_id,
    partners.partner_name,
    partners.partner_kind,
    partners.joined_date,
    partners.left_date,
    cast(partners.score_strategic as double) as score_strategic,
    cast(partners.score_operational as double) as score_operational,
    cast(partners.score_relational as double) as score_relational,
    cast(
        partners.score_strategic + partners.score_operational + partners.score_relational as double
    ) / 3 as score,
    partners.risk,
    partners.reviewed_date,
    partners.next_review_date,
    case
        when partners.partner_id is null then null
        when partners.left_date < context.as_of then 'left'
        when partners.review_until_date is null then 'not reviewed'
        when partners.review_until_date < context.as_of then 'overdue'
        else 'reviewed'
    end as review_status,
    cast(partners.capital_in_our_goods as decimal(18, 2)) as capital_in_our_goods,
    cast(partners.capital_in_our_goods as double)
    / nullif(cast(partners.partner_capital as double), 0) as dependency,
    cast(partners.profit_share as double) as profit_share,
    cast(partners.support_delivery as decimal(18, 2)) as support_delivery,
    cast(partners.support_funds as decimal(18, 2)) as support_funds,
    cast(partners.support_staff as decimal(18, 2)) as support_staff,
    partners.currency,
    case when delivered.is_delivered then 'stated' else 'no data' end as status,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_partners__relations_kept') }} as partners on delivered.is_delivered
where
    delivered.feed = 'ref_partners'
    and (partners.partner_id is not null or not delivered.is_delivered)
