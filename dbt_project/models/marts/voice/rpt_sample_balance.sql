-- The base of a wave is who bought in its calendar year; the sample is who of them answered under
-- his own name. Anonymous answers belong to no stratum.
with buyers as (
    select
        years.customer_id,
        years.year as calendar_year,
        tiers.tier,
        case
            when extract(year from customers.first_seen_date) = years.year then 'new'
            else 'established'
        end as stage,
        coalesce(stores.region, 'unknown') as region
    from {{ ref('mart_customer_year') }} as years
    inner join {{ ref('dim_customer') }} as customers on years.customer_id = customers.customer_id
    left join {{ ref('mart_customer_tier') }} as tiers
        on years.customer_id = tiers.customer_id and years.year = tiers.year
    left join {{ ref('int_loyalty__home_stores_found') }} as homes
        on years.customer_id = homes.customer_id and years.year = homes.calendar_year
    left join {{ ref('dim_store') }} as stores on homes.store_id = stores.store_id
    where years.receipts > 0
),

frames as (
    select 'tier' as frame
    union all
    select 'stage' as frame
    union all
    select 'region' as frame
),

scores as (
    select
        wave_id,
        customer_id,
        sum(case when dimension = 'overall' and role = 'satisfaction' then score_100 end)
            as score_sum,
        count(case when dimension = 'overall' and role = 'satisfaction' then score_100 end)
            as scores
    from {{ ref('int_surveys__ratings_kept') }}
    where customer_id is not null and subject = 'own'
    group by wave_id, customer_id
),

placed as (
    select
        waves.wave_id,
        waves.first_month,
        waves.last_date,
        frames.frame,
        case frames.frame
            when 'tier' then coalesce(buyers.tier, 'UNRATED')
            when 'stage' then buyers.stage
            else buyers.region
        end as stratum,
        buyers.customer_id,
        scores.customer_id is not null as has_answered,
        cast(scores.score_sum as double) / nullif(scores.scores, 0) as score_100
    from {{ ref('int_surveys__waves_listed') }} as waves
    cross join frames
    inner join buyers on waves.calendar_year = buyers.calendar_year
    left join scores
        on waves.wave_id = scores.wave_id and buyers.customer_id = scores.customer_id
),

strata as (
    select
        wave_id,
        frame,
        stratum,
        count(*) as base_n,
        count(case when has_answered then 1 end) as sample_n,
        cast(sum(cast(score_100 as decimal(18, 6))) as double) as score_sum,
        count(score_100) as scores
    from placed
    group by wave_id, frame, stratum
),

shares as (
    select
        *,
        cast(base_n as double) / sum(base_n) over (partition by wave_id, frame) as base_share,
        sum(sample_n) over (partition by wave_id, frame) as sample_total,
        count(*) over (partition by wave_id, frame) as strata_count,
        score_sum / nullif(scores, 0) as mean_100,
        sum(scores) over (partition by wave_id, frame) as scores_total,
        sum(cast(score_sum as decimal(18, 6))) over (partition by wave_id, frame)
            as score_sum_total
    from strata
),

tested as (
    select
        *,
        cast(sample_n as double) / nullif(sample_total, 0) as sample_share,
        sum(
            cast(
                (sample_n - sample_total * base_share) * (sample_n - sample_total * base_share)
                / nullif(sample_total * base_share, 0) as decimal(24, 9)
            )
        ) over (partition by wave_id, frame) as chi_square,
        sum(cast(base_n * mean_100 as decimal(24, 9))) over (partition by wave_id, frame)
            as base_score_sum,
        sum(case when mean_100 is not null then base_n end) over (partition by wave_id, frame)
            as base_n_with_score
    from shares
),

invitations as (
    select
        waves.wave_id,
        count(distinct invitations.customer_id) as invited,
        count(distinct scores.customer_id) as answered
    from {{ ref('int_surveys__waves_listed') }} as waves
    inner join {{ ref('int_surveys__invitations_sent') }} as invitations
        on
            waves.first_month <= invitations.invited_date
            and waves.last_date >= invitations.invited_date
    left join scores
        on waves.wave_id = scores.wave_id and invitations.customer_id = scores.customer_id
    group by waves.wave_id
)

select
    tested.wave_id,
    tested.frame,
    tested.stratum,
    cast(tested.base_n as integer) as base_n,
    cast(tested.sample_n as integer) as sample_n,
    tested.base_share,
    tested.sample_share,
    tested.base_share / nullif(tested.sample_share, 0) as weight,
    {{ large_cell('tested.mean_100', 'tested.scores', 'rules.anonymity_min_cell') }}
        as csat_mean_100,
    {{ large_cell(
        'cast(tested.score_sum_total as double) / tested.scores_total',
        'tested.scores_total', 'rules.anonymity_min_cell'
    ) }} as csat_sample_mean_100,
    {{ large_cell(
        'cast(tested.base_score_sum as double) / tested.base_n_with_score',
        'tested.scores_total', 'rules.anonymity_min_cell'
    ) }} as csat_base_weighted_mean_100,
    cast(tested.chi_square as double) as chi_square,
    cast(tested.strata_count - 1 as integer) as degrees_of_freedom,
    cast(quantiles.quantile_95 as double) as critical_value,
    case
        when tested.sample_total < rules.sample_min_respondents then 'insufficient'
        when tested.chi_square > quantiles.quantile_95 then 'imbalanced'
        when quantiles.quantile_95 is not null then 'balanced'
        else 'one stratum'
    end as balance,
    cast(invitations.invited as integer) as invited,
    cast(invitations.answered as double) / nullif(invitations.invited, 0) as response_rate,
    rules.as_of
from tested
cross join {{ ref('int_surveys__rules_dated') }} as rules
left join {{ ref('int_surveys__chi_square_listed') }} as quantiles
    on tested.strata_count - 1 = quantiles.degrees_of_freedom
left join invitations on tested.wave_id = invitations.wave_id
