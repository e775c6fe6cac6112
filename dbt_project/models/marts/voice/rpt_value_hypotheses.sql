-- A class is judged only when every element of it has a coefficient.
with years as (
    select distinct cast(calendar_year as integer) as calendar_year
    from {{ ref('int_value__drivers_fitted') }}
),

betas as (
    select
        years.calendar_year,
        elements.element_class,
        elements.element,
        fits.beta
    from years
    cross join {{ ref('int_value__elements_listed') }} as elements
    left join {{ ref('int_value__drivers_fitted') }} as fits
        on years.calendar_year = fits.calendar_year and elements.element = fits.feature
),

prices as (
    select
        calendar_year,
        max(case when feature = 'price' then beta end) as beta
    from {{ ref('int_value__drivers_fitted') }}
    group by calendar_year
),

classes as (
    select
        calendar_year,
        element_class,
        count(*) = count(beta) as is_complete,
        cast(sum(cast(beta as decimal(18, 9))) as double) / count(*) as mean_beta,
        max(
            case
                when
                    element in (
                        'consistency', 'supply_reliability', 'quick_response', 'company_reliability'
                    )
                    then beta
            end
        ) as first_beta,
        max(
            case
                when
                    element not in (
                        'consistency', 'supply_reliability', 'quick_response', 'company_reliability'
                    )
                    then beta
            end
        ) as other_beta
    from betas
    group by calendar_year, element_class
),

judged as (
    select
        classes.calendar_year,
        'H1' as hypothesis,
        'quality drives value more than price' as statement,
        case when classes.is_complete then classes.mean_beta end as left_beta,
        prices.beta as right_beta
    from classes
    left join prices on classes.calendar_year = prices.calendar_year
    where classes.element_class = 'product'
    union all
    select
        calendar_year,
        case element_class when 'product' then 'H2' when 'service' then 'H3' else 'H4' end
            as hypothesis,
        case element_class
            when 'product' then 'consistency comes first in quality'
            when 'service' then 'speed or reliability of delivery comes first in service'
            else 'company reliability comes first in promotion'
        end as statement,
        case when is_complete then first_beta end as left_beta,
        case when is_complete then other_beta end as right_beta
    from classes
)

select
    judged.calendar_year as year,
    judged.hypothesis,
    judged.statement,
    judged.left_beta,
    judged.right_beta,
    case
        when judged.left_beta > judged.right_beta then 'supported'
        when judged.left_beta <= judged.right_beta then 'not supported'
        else 'insufficient'
    end as verdict,
    context.as_of
from judged
cross join {{ ref('int_build__context_stated') }} as context
