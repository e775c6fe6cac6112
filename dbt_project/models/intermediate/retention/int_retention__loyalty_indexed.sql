-- The weighted mean of the components that are known. A table: the mart, the answers of a wave and
-- the influences on loyalty read it.
{{ config(materialized='table') }}

select
    measured.*,
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
    end as index_basis
from {{ ref('int_retention__loyalty_measured') }} as measured
