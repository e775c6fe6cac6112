select
    risks.customer_id,
    risks.score,
    risks.band,
    trim(
        both '; ' from
        case when risks.gap_driver is not null then risks.gap_driver || '; ' else '' end
        || case when risks.frequency_driver is not null then risks.frequency_driver || '; ' else ''
        end
        || case when risks.csat_driver is not null then risks.csat_driver || '; ' else '' end
        || case when risks.complaint_driver is not null then risks.complaint_driver || '; ' else ''
        end
        || coalesce(risks.points_driver, '')
    ) as drivers,
    risks.gap_driver,
    risks.frequency_driver,
    risks.csat_driver,
    risks.complaint_driver,
    risks.points_driver,
    scores.churn_probability,
    scores.model_drivers,
    case when scores.customer_id is null then models.note end as model_missing_reason,
    models.model_version,
    risks.days_since_purchase,
    risks.net_spend_365d,
    case
        when risks.net_spend_365d >= tiers.a_min then 'A'
        when risks.net_spend_365d >= tiers.b_min then 'B'
        when risks.net_spend_365d < tiers.b_min then 'C'
    end as value_band,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_churn__risks_weighed') }} as risks
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_churn__customers_scored') }} as scores
    on risks.customer_id = scores.customer_id and scores.moment = 'now'
left join {{ ref('int_churn__models_registered') }} as models on models.model_name = 'churn_risk'
left join {{ ref('int_tiers__rules_dated') }} as tiers
    on extract(year from context.as_of) = tiers.calendar_year
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on extract(year from context.as_of) = coverage.calendar_year
where risks.moment = 'now'
