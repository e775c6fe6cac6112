-- Waves stand in the order of their last answers; the month is the finest time of an anonymous one.
with waves as (
    select
        wave_id,
        min(responded_month) as first_month,
        max(responded_month) as last_month,
        cast(extract(year from max(responded_month)) as integer) as calendar_year,
        cast(count(distinct respondent) as integer) as respondents,
        cast(count(distinct case when not is_anonymous then respondent end) as integer)
            as named_respondents
    from {{ ref('int_surveys__ratings_kept') }}
    group by wave_id
)

select
    wave_id,
    first_month,
    last_month,
    {{ add_days(add_months('last_month', 1), -1) }} as last_date,
    calendar_year,
    respondents,
    named_respondents,
    cast(row_number() over (order by last_month asc, wave_id asc) as integer) as wave_no
from waves
