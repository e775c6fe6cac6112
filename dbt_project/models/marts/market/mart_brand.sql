{% set parts = ['search_volume', 'exposure', 'word_of_mouth', 'awareness', 'reputation'] %}

-- Who names us unaided knows us aided too, so aided is never the smaller of the two. The index is
-- rounded, that a tenth more of each part is a tenth more of all.
with indexed as (
    select
        period_kind,
        period_start,
        {% for part in parts %}
        100 * max(case when measure = '{{ part }}' then ratio end) as {{ part }}_index,
        {% endfor %}
        100 * max(case when measure = 'conversion' then ratio end) as conversion_index,
        max(case when measure = 'conversion' then figure end) as conversion,
        max(case when measure = 'awareness' then figure end) as awareness,
        max(case when measure = 'visits' then own_figure end) as visits
    from {{ ref('int_market__brand_indexed') }}
    group by period_kind, period_start
),

named as (
    select
        responded_month,
        response_id,
        wave_id,
        max(case when question_code = 'UNAIDED' then score_100 end) as unaided,
        max(score_100) as aided
    from {{ ref('fct_survey_response') }}
    where question_code in ('AIDED', 'UNAIDED') and subject = 'own' and score_100 is not null
    group by responded_month, response_id, wave_id
),

asked as (
    select
        periods.period_kind,
        periods.period_start,
        count(named.unaided) as respondents,
        count(case when named.unaided >= rules.awareness_yes_min then 1 end) as unaided,
        count(case when named.aided >= rules.awareness_yes_min then 1 end) as aided
    from {{ ref('int_retention__periods_listed') }} as periods
    cross join {{ ref('int_market__rules_dated') }} as rules
    inner join named
        on
            periods.period_start <= named.responded_month
            and periods.period_end >= named.responded_month
    where named.unaided is not null
    group by periods.period_kind, periods.period_start
),

-- Receipts of every store and month are counted there already.
sold as (
    select
        month_start,
        sum(receipts) as receipts
    from {{ ref('rpt_complaint_rate') }}
    where complaint_type = 'all'
    group by month_start
),

receipts as (
    select
        periods.period_kind,
        periods.period_start,
        sum(sold.receipts) as receipts
    from {{ ref('int_retention__periods_listed') }} as periods
    inner join sold
        on
            periods.period_start <= sold.month_start
            and periods.period_end >= sold.month_start
    group by periods.period_kind, periods.period_start
),

-- Passers-by of the whole market where told, else those of its regions.
passed as (
    select
        period_kind,
        period,
        coalesce(
            sum(case when region = 'all' then footfall end),
            sum(case when region <> 'all' then footfall end)
        ) as footfall
    from {{ ref('int_market__sources_ranked') }}
    where source_place = 1 and topic = 'figures' and product_line = 'all'
    group by period_kind, period
),

measured as (
    select
        periods.period_kind,
        periods.period_start,
        {% for part in parts %}
        indexed.{{ part }}_index,
        {% endfor %}
        (
            {% for part in parts -%}
            indexed.{{ part }}_index
            {{- ' +' if not loop.last }}
            {% endfor -%}
        ) / {{ parts | length }} as brand_index,
        indexed.conversion_index,
        indexed.conversion,
        indexed.awareness,
        rules.anonymity_min_cell <= asked.respondents as has_enough_answers,
        rules.brand_elasticity_min_points,
        asked.respondents,
        asked.unaided,
        asked.aided,
        indexed.visits,
        receipts.receipts,
        passed.footfall
    from {{ ref('int_retention__periods_listed') }} as periods
    cross join {{ ref('int_market__rules_dated') }} as rules
    left join indexed
        on
            periods.period_kind = indexed.period_kind
            and periods.period_start = indexed.period_start
    left join asked
        on
            periods.period_kind = asked.period_kind
            and periods.period_start = asked.period_start
    left join receipts
        on
            periods.period_kind = receipts.period_kind
            and periods.period_start = receipts.period_start
    left join passed
        on periods.period_kind = passed.period_kind and periods.period_start = passed.period
    where indexed.period_start is not null or asked.period_start is not null
)

select
    measured.period_kind,
    measured.period_start,
    {% for part in parts %}
    measured.{{ part }}_index,
    {% endfor %}
    round(measured.brand_index, 9) as brand_index,
    measured.conversion,
    measured.conversion_index,
    case
        when abs(measured.brand_index - 100) >= measured.brand_elasticity_min_points
            then round((measured.conversion_index - 100) / (measured.brand_index - 100), 9)
    end as conversion_elasticity,
    case when measured.period_start is not null then cast(quoted.low as double) end
        as quoted_elasticity,
    measured.awareness as stated_awareness,
    cast(case when measured.has_enough_answers then measured.respondents end as integer)
        as respondents,
    case
        when measured.has_enough_answers
            then cast(measured.unaided as double) / measured.respondents
    end as unaided_awareness,
    case
        when measured.has_enough_answers then cast(measured.aided as double) / measured.respondents
    end as aided_awareness,
    measured.visits,
    measured.visits / nullif(measured.footfall, 0) as visit_rate,
    cast(case when measured.visits is not null then measured.receipts end as integer) as receipts,
    measured.receipts / nullif(measured.visits, 0) as purchase_rate,
    case when measured.period_start is null then 'no data' else 'stated' end as status,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join measured on true
left join {{ ref('int_economics__benchmarks_quoted') }} as quoted
    on quoted.code = 'mkt_04_conversion_elasticity'
where
    delivered.feed = 'ref_brand'
    and (measured.period_start is not null or not delivered.is_delivered)
