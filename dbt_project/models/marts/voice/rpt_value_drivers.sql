select
    cast(fits.calendar_year as integer) as year,
    coalesce(fits.feature, 'all') as driver,
    case when fits.feature = 'price' then 'price' else elements.element_class end as driver_class,
    fits.beta,
    fits.coef as coefficient,
    fits.se as standard_error,
    fits.p_value,
    case
        when fits.beta is not null
            then
                cast(
                    row_number() over (
                        partition by fits.calendar_year
                        order by fits.beta desc nulls last, fits.feature asc
                    ) as integer
                )
    end as strength_rank,
    cast(fits.n as integer) as n,
    fits.r2,
    case when fits.state = 'kept' then 'fitted' else coalesce(fits.state, fits.status) end
        as status,
    coalesce(nullif(fits.note, ''), nullif(fits.fit_note, '')) as reason,
    context.as_of
from {{ ref('int_value__drivers_fitted') }} as fits
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_value__elements_listed') }} as elements on fits.feature = elements.element
where coalesce(fits.feature, 'all') <> 'intercept'
