select
    judged.calendar_year as year,
    judged.base,
    judged.lost,
    judged.attrition,
    judged.ceiling,
    judged.met_ceiling,
    judged.industry_churn,
    judged.industry_limit,
    judged.met_industry,
    case when judged.industry_churn is null then 'no figure of the industry is delivered' end
        as missing_reason,
    context.as_of
from {{ ref('int_churn__attrition_judged') }} as judged
cross join {{ ref('int_build__context_stated') }} as context
