select
    treatment.calendar_year as year,
    treatment.value_band,
    cast(treatment.customers as integer) as customers,
    cast(treatment.complaints as integer) as complaints,
    cast(treatment.attitude_complaints as integer) as attitude_complaints,
    cast(treatment.judged as integer) as responses_judged,
    treatment.on_time_share,
    treatment.median_response_hours,
    cast(treatment.contacts as double) / treatment.customers as contacts_per_customer,
    treatment.gap_to_a,
    treatment.gap_allowed,
    treatment.is_unfair,
    case
        when treatment.judged = 0 then 'no complaint of the tier was judged'
        when treatment.gap_to_a is null then 'no complaint of an A customer to compare with'
    end as missing_reason,
    context.as_of
from {{ ref('int_churn__treatment_measured') }} as treatment
cross join {{ ref('int_build__context_stated') }} as context
