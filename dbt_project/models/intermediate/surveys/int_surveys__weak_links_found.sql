-- An improvement of the dimension, for the chain or a store, answers a weak wave while it is not
-- finished when the wave ends; of several the one planned first.
with scores as (
    select
        waves.wave_id,
        waves.wave_no,
        waves.first_month,
        waves.last_date,
        cells.dimension,
        cast(cells.score_sum as double) / cells.answers as csat_mean_100,
        cells.answers
    from {{ ref('int_surveys__cells_counted') }} as cells
    inner join {{ ref('int_surveys__waves_listed') }} as waves on cells.period = waves.wave_id
    where
        cells.period_type = 'wave'
        and cells.breakdown = 'all'
        and cells.dimension <> 'recommend'
        and cells.is_shown
),

answered as (
    select
        scores.*,
        improvements.improvement_id,
        improvements.owner_id,
        improvements.due_date,
        improvements.plan_date,
        improvements.do_date,
        improvements.act_date,
        row_number() over (
            partition by scores.wave_id, scores.dimension
            order by improvements.plan_date asc nulls last, improvements.improvement_id asc
        ) as place
    from scores
    left join {{ ref('int_surveys__improvements_listed') }} as improvements
        on
            scores.dimension = improvements.dimension
            and coalesce(improvements.act_date, cast('9999-12-31' as date)) >= scores.last_date
),

later as (
    select
        answered.wave_id,
        answered.dimension,
        min(case when next.csat_mean_100 >= rules.csat_target then next.last_date end)
            as recovered_date,
        min(case when next.first_month > answered.do_date then next.wave_no end) as after_wave_no
    from answered
    cross join {{ ref('int_surveys__rules_dated') }} as rules
    inner join scores as next
        on answered.dimension = next.dimension and answered.wave_no < next.wave_no
    where answered.place = 1
    group by answered.wave_id, answered.dimension
)

select
    answered.wave_id,
    answered.wave_no,
    answered.last_date,
    answered.dimension,
    answered.csat_mean_100,
    answered.answers,
    cast(rules.csat_target as double) as csat_target,
    {{ add_days('answered.last_date', 'cast(rules.csat_action_days as integer)') }} as act_by_date,
    answered.improvement_id,
    answered.owner_id,
    answered.due_date,
    answered.plan_date,
    answered.do_date,
    answered.act_date,
    after_scores.wave_id as after_wave_id,
    after_scores.csat_mean_100 as after_csat_mean_100,
    later.recovered_date
from answered
cross join {{ ref('int_surveys__rules_dated') }} as rules
left join later
    on answered.wave_id = later.wave_id and answered.dimension = later.dimension
left join scores as after_scores
    on
        answered.dimension = after_scores.dimension
        and later.after_wave_no = after_scores.wave_no
where answered.place = 1 and answered.csat_mean_100 < rules.csat_target
