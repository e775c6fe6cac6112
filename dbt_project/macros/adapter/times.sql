{# Wall-clock time at `timezone` of a timestamp that is in UTC. #}
{% macro utc_to_local(timestamp, timezone) -%}
{{ return(adapter.dispatch('utc_to_local')(timestamp, timezone)) }}
{%- endmacro %}

{% macro duckdb__utc_to_local(timestamp, timezone) -%}
timezone({{ timezone }}, timezone('UTC', {{ timestamp }}))
{%- endmacro %}

{% macro spark__utc_to_local(timestamp, timezone) -%}
cast(from_utc_timestamp({{ timestamp }}, {{ timezone }}) as timestamp)
{%- endmacro %}


{# UTC of a wall-clock time at `timezone`. #}
{% macro local_to_utc(timestamp, timezone) -%}
{{ return(adapter.dispatch('local_to_utc')(timestamp, timezone)) }}
{%- endmacro %}

{% macro duckdb__local_to_utc(timestamp, timezone) -%}
timezone('UTC', timezone({{ timezone }}, {{ timestamp }}))
{%- endmacro %}

{% macro spark__local_to_utc(timestamp, timezone) -%}
cast(to_utc_timestamp({{ timestamp }}, {{ timezone }}) as timestamp)
{%- endmacro %}


{# The date `days` later. #}
{% macro add_days(date, days) -%}
cast({{ dbt.dateadd('day', days, date) }} as date)
{%- endmacro %}


{# The date `months` later. #}
{% macro add_months(date, months) -%}
cast({{ dbt.dateadd('month', months, date) }} as date)
{%- endmacro %}


{# The timestamp `hours` later; fractions of an hour count to the second. #}
{% macro add_hours(timestamp, hours) -%}
{{ dbt.dateadd('second', 'cast(round((' ~ hours ~ ') * 3600) as integer)', timestamp) }}
{%- endmacro %}


{# The first day of the month, quarter or year, as `kind` says. #}
{% macro period_of(kind, timestamp) -%}
cast({{ dbt.date_trunc(kind, timestamp) }} as date)
{%- endmacro %}


{# The first day of the month. #}
{% macro month_of(timestamp) -%}
{{ period_of('month', timestamp) }}
{%- endmacro %}


{# The first day of the quarter. #}
{% macro quarter_of(timestamp) -%}
{{ period_of('quarter', timestamp) }}
{%- endmacro %}


{# The first day of the year. #}
{% macro year_of(timestamp) -%}
{{ period_of('year', timestamp) }}
{%- endmacro %}


{# Whole days from the first date to the second. #}
{% macro days_between(first_date, second_date) -%}
{{ dbt.datediff(first_date, second_date, 'day') }}
{%- endmacro %}


{# Seconds from the first timestamp to the second. #}
{% macro seconds_between(first_timestamp, second_timestamp) -%}
{{ dbt.datediff(first_timestamp, second_timestamp, 'second') }}
{%- endmacro %}


{# Whole months from the first date to the second; one is full on the same day of the month. #}
{% macro months_between(first_date, second_date) -%}
    cast(
        12 * (extract(year from {{ second_date }}) - extract(year from {{ first_date }}))
        + (extract(month from {{ second_date }}) - extract(month from {{ first_date }}))
        - case
            when extract(day from {{ first_date }}) > extract(day from {{ second_date }}) then 1
            else 0
        end as integer
    )
{%- endmacro %}


{# 1 for Monday to 7 for Sunday. #}
{% macro iso_weekday(date) -%}
    {{ return(adapter.dispatch('iso_weekday')(date)) }}
{%- endmacro %}

{% macro duckdb__iso_weekday(date) -%}
    extract(isodow from {{ date }})
{%- endmacro %}

{% macro spark__iso_weekday(date) -%}
    (weekday({{ date }}) + 1)
{%- endmacro %}


{# What dbt.dateadd is on Spark: dbt's own takes the way through seconds of a clock. #}
{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    timestampadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }})
{%- endmacro %}


{# What dbt.datediff is on Spark: borders passed, as in DuckDB, of the two parts that are asked for. #}
{% macro spark__datediff(first_date, second_date, datepart) -%}
    {%- if datepart == 'day' -%}
        datediff(cast({{ second_date }} as date), cast({{ first_date }} as date))
    {%- else -%}
        timestampdiff(
            {{ datepart }},
            date_trunc('{{ datepart }}', {{ first_date }}),
            date_trunc('{{ datepart }}', {{ second_date }})
        )
    {%- endif -%}
{%- endmacro %}
