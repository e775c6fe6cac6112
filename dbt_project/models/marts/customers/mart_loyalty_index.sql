-- The weighted mean of the components that are known.
select
    measured.customer_id,
    measured.calendar_year as year,
    case
        when measured.is_old_enough
            then
                (
                    measured.weight_retention * measured.retention
                    + measured.weight_frequency * measured.frequency
                    + measured.weight_attitude * coalesce(measured.attitude, 0)
                    + measured.weight_recommendation * coalesce(measured.recommendation, 0)
                ) / (
                    measured.weight_retention
                    + measured.weight_frequency
                    + case when measured.attitude is null then 0 else measured.weight_attitude end
                    + case
                        when measured.recommendation is null then 0
                        else measured.weight_recommendation
                    end
                )
    end as loyalty_index,
    case
        when not measured.is_old_enough then 'tenure under the minimum'
        when measured.attitude is null and measured.recommendation is null then 'behaviour only'
        when measured.attitude is null or measured.recommendation is null
            then 'behaviour and one answer'
        else 'all components'
    end as index_basis,
    measured.retention,
    measured.frequency,
    measured.attitude,
    measured.recommendation,
    measured.weight_retention,
    measured.weight_frequency,
    measured.weight_attitude,
    measured.weight_recommendation,
    measured.preference_share,
    measured.tenure_days,
    coverage.coverage_pct,
    context.as_of
from {{ ref('int_retention__loyalty_measured') }} as measured
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on measured.calendar_year = coverage.calendar_year
