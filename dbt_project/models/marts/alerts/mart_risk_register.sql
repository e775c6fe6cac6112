{% set figures = [
    ('macro', 'industry_growth', 'market.industry_growth'),
    ('industry', 'industry_margin', 'market.industry_margin'),
    ('competition', 'our_share', 'market.our_share'),
    ('customer_behaviour', 'churn_rate', 'churn.churn_rate'),
] %}

-- Beside the judgement of the register stands the newest figure of its dimension.
with market_ranked as (
    select
        industry_growth,
        industry_margin,
        our_share,
        row_number() over (order by period desc, published_date desc, source_name asc) as place
    from {{ ref('mart_market') }}
    where
        topic = 'figures'
        and region = 'all'
        and product_line = 'all'
        and period_kind = 'year'
        and is_preferred
),

churn_ranked as (
    select
        churn_rate,
        row_number() over (order by period_start desc) as place
    from {{ ref('mart_churn_rate') }}
    where period_kind = 'year' and dimension = 'all'
),

entered as (
    select
        risks.*,
        coalesce(risks.closed_date > rules.as_of, true) as is_open,
        rules.as_of
    from {{ ref('int_alerts__risks_listed') }} as risks
    cross join {{ ref('int_alerts__rules_dated') }} as rules
    where risks.opened_date <= rules.as_of
)

select
    entered.risk_id,
    entered.risk_name,
    entered.dimension,
    entered.legal_type,
    cast(entered.likelihood as integer) as likelihood,
    cast(entered.impact as integer) as impact,
    cast(entered.likelihood * entered.impact as integer) as risk_score,
    entered.likelihood >= rules.risk_high_min and entered.impact >= rules.risk_high_min as is_high,
    entered.evidence,
    case entered.dimension
        {% for dimension, name, figure in figures %}
        when '{{ dimension }}' then '{{ name }}'
        {% endfor %}
    end as indicator,
    cast(
        case entered.dimension
            {% for dimension, name, figure in figures %}
            when '{{ dimension }}' then {{ figure }}
            {% endfor %}
        end as double
    ) as indicator_value,
    entered.response,
    entered.response_reason is not null as has_reason,
    entered.response = 'accept'
    and entered.likelihood >= rules.risk_high_min
    and entered.impact >= rules.risk_high_min
    and entered.response_reason is null as is_accepted_without_reason,
    entered.owner_id,
    entered.action_due_date,
    case when entered.action_done_date <= rules.as_of then entered.action_done_date end
        as action_done_date,
    case
        when
            entered.is_open
            and entered.action_due_date < rules.as_of
            and coalesce(entered.action_done_date > rules.as_of, true)
            then cast({{ days_between('entered.action_due_date', 'rules.as_of') }} as integer)
    end as action_days_late,
    entered.opened_date,
    case when not entered.is_open then entered.closed_date end as closed_date,
    entered.is_open,
    case when delivered.is_delivered then 'registered' else 'no data' end as status,
    rules.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_alerts__rules_dated') }} as rules
left join entered on delivered.is_delivered
left join market_ranked as market on market.place = 1
left join churn_ranked as churn on churn.place = 1
where
    delivered.feed = 'ref_risks'
    and (entered.risk_id is not null or not delivered.is_delivered)
