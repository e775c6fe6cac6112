-- Every store that was open in a year with answers has a row.
with scores as (
    select
        store_id,
        calendar_year,
        count(distinct respondent) as respondents,
        cast(sum(score_100) as double) / count(*) as mean_100
    from {{ ref('int_surveys__ratings_kept') }}
    where role = 'experience' and subject = 'own' and store_id is not null
    group by store_id, calendar_year
),

years as (
    select distinct calendar_year
    from {{ ref('int_surveys__waves_listed') }}
)

select
    stores.store_id,
    years.calendar_year as year,
    case
        when scores.respondents >= rules.experience_min_n
            then
                {{ large_cell(
                    'scores.mean_100', 'scores.respondents', 'rules.anonymity_min_cell'
                ) }}
    end as experience_mean_100,
    {{ answers_label('coalesce(scores.respondents, 0)', 'rules.anonymity_min_cell') }} as n_label,
    case
        when scores.respondents is null then 'no data'
        when
            scores.respondents >= rules.experience_min_n
            and {{ is_large_cell('scores.respondents', 'rules.anonymity_min_cell') }}
            then 'measured'
        else 'insufficient'
    end as status,
    rules.as_of
from {{ ref('dim_store') }} as stores
cross join years
cross join {{ ref('int_value__rules_dated') }} as rules
left join scores
    on stores.store_id = scores.store_id and years.calendar_year = scores.calendar_year
where
    coalesce(extract(year from stores.opened_date) <= years.calendar_year, true)
    and coalesce(extract(year from stores.closed_date) >= years.calendar_year, true)
