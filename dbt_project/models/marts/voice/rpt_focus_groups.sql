-- The declared segment is the stratum that most participants are entered with; who is entered with
-- another one, or is known to stand in another tier that year, does not belong.
with participants as (
    select
        sessions.*,
        tiers.tier
    from {{ ref('int_surveys__sessions_attended') }} as sessions
    left join {{ ref('mart_customer_tier') }} as tiers
        on
            sessions.customer_id = tiers.customer_id
            and extract(year from sessions.held_date) = tiers.year
),

declared as (
    select
        session_id,
        stratum,
        row_number() over (
            partition by session_id
            order by count(*) desc, stratum asc
        ) as place
    from participants
    where stratum is not null
    group by session_id, stratum
),

sessions as (
    select
        participants.session_id,
        min(participants.held_date) as held_date,
        max(participants.wave_id) as wave_id,
        count(distinct participants.topic) as topics,
        max(participants.topic) as topic,
        max(declared.stratum) as segment,
        count(*) as participants,
        count(
            case
                when
                    coalesce(participants.stratum, '') <> coalesce(declared.stratum, '')
                    or (
                        declared.stratum in ('A', 'B', 'C')
                        and participants.tier <> declared.stratum
                    )
                    then 1
            end
        ) as outside_segment,
        max(case when participants.has_key_points then 1 else 0 end) as key_points,
        max(case when participants.has_conclusion then 1 else 0 end) as conclusions,
        count(distinct participants.improvement_id) as improvements
    from participants
    left join declared on participants.session_id = declared.session_id and declared.place = 1
    group by participants.session_id
)

select
    sessions.session_id,
    sessions.wave_id,
    sessions.held_date,
    sessions.topic,
    sessions.segment,
    cast(sessions.participants as integer) as participants,
    cast(sessions.outside_segment as integer) as participants_outside_segment,
    sessions.key_points = 1 as has_key_points,
    sessions.conclusions = 1 as has_conclusion,
    cast(sessions.improvements as integer) as improvements,
    case
        when sessions.conclusions = 0 then 'no conclusion'
        when sessions.key_points = 0 then 'no key points'
        when sessions.topics <> 1 then 'not one topic'
        when sessions.outside_segment > 0 then 'participants outside the segment'
        else 'complete'
    end as finding,
    context.as_of
from sessions
cross join {{ ref('int_build__context_stated') }} as context
