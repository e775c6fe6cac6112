-- Reviewed regularly are strategic partners from their first day, and whoever was reviewed before.
-- After the last day of a partnership nothing is due.
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
),

moments as (
    select
        partner_id,
        coalesce(joined_date, reported_date) as from_date
    from records
    where record_kind = 'profile' and place = 1 and partner_kind = 'strategic'
    union
    select
        partner_id,
        reported_date as from_date
    from records
    where record_kind = 'review'
),

spaced as (
    select
        partner_id,
        from_date,
        lead(from_date) over (partition by partner_id order by from_date asc) as next_date
    from moments
)

select
    spaced.partner_id,
    spaced.from_date,
    {{ add_days('spaced.from_date', 'cast(limits.value_number as integer)') }} as until_date,
    spaced.next_date,
    profiles.left_date,
    limits.value_number as max_days
from spaced
cross join {{ ref('int_build__context_stated') }} as context
left join records as profiles
    on
        spaced.partner_id = profiles.partner_id
        and profiles.record_kind = 'profile'
        and profiles.place = 1
left join {{ ref('int_parameters__periods_dated') }} as limits
    on
        limits.code = 'partner_review_max_days'
        and context.as_of >= limits.valid_from
        and context.as_of < limits.valid_before
