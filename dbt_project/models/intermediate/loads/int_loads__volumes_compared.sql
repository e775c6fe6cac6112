{{ config(materialized='table') }}

{% set dated = [
    ('min_weeks', 'volume_min_weeks'),
    ('min_usual', 'volume_min_usual_rows'),
    ('low', 'volume_low_ratio'),
    ('high', 'volume_high_ratio'),
] %}

-- A day of a store against up to eight days before it of the same weekday, on which the store sold.
with days as (
    select
        store_id,
        event_date as business_date,
        sum(row_count) as row_count
    from {{ ref('int_loads__rows_counted') }}
    where feed = 'pos_sales' and fate = 'standing' and event_date is not null
    group by store_id, event_date
),

weekdays as (
    select
        *,
        mod({{ days_between("cast('1900-01-01' as date)", 'business_date') }}, 7) as weekday_no
    from days
),

compared as (
    select
        store_id,
        business_date,
        row_count,
        count(*) over eight_weeks as weeks_compared,
        cast(sum(row_count) over eight_weeks as double)
        / nullif(count(*) over eight_weeks, 0) as usual_rows
    from weekdays
    window eight_weeks as (
        partition by store_id, weekday_no
        order by business_date asc
        rows between 8 preceding and 1 preceding
    )
)

select
    compared.store_id,
    compared.business_date,
    cast(compared.row_count as bigint) as row_count,
    cast(compared.weeks_compared as integer) as weeks_compared,
    compared.usual_rows,
    case
        when
            compared.weeks_compared >= min_weeks.value_number
            and compared.usual_rows >= min_usual.value_number
            then cast(compared.row_count as double) / compared.usual_rows
    end as ratio,
    cast(low.value_number as double) as low_ratio,
    cast(high.value_number as double) as high_ratio
from compared
{% for name, code in dated %}
left join {{ ref('int_parameters__periods_dated') }} as {{ name }}
    on
        {{ name }}.code = '{{ code }}'
        and compared.business_date >= {{ name }}.valid_from
        and compared.business_date < {{ name }}.valid_before
{% endfor %}
