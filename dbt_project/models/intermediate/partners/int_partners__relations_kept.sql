-- The newest profile and the newest review of every partner, as known at as_of.
with records as (
    select
        partners.*,
        row_number() over (
            partition by partners.partner_id, partners.record_kind
            order by partners.reported_date desc, partners.record_id desc
        ) as place
    from {{ ref('stg_reference__partners') }} as partners
    inner join {{ ref('int_build__context_stated') }} as context
        on partners.reported_date <= context.as_of
    where partners.record_kind in ('profile', 'review')
)

select
    profiles.partner_id,
    profiles.partner_name,
    profiles.partner_kind,
    profiles.joined_date,
    profiles.left_date,
    profiles.partner_capital,
    profiles.capital_in_our_goods,
    profiles.profit_share,
    profiles.support_delivery,
    profiles.support_funds,
    profiles.support_staff,
    profiles.currency,
    reviews.risk,
    reviews.score_strategic,
    reviews.score_operational,
    reviews.score_relational,
    reviews.reported_date as reviewed_date,
    reviews.review_date as next_review_date,
    spaced.until_date as review_until_date
from records as profiles
left join records as reviews
    on
        profiles.partner_id = reviews.partner_id
        and reviews.record_kind = 'review'
        and reviews.place = 1
left join {{ ref('int_partners__reviews_spaced') }} as spaced
    on profiles.partner_id = spaced.partner_id and spaced.next_date is null
where profiles.record_kind = 'profile' and profiles.place = 1
