{% set window = 'cast(rules.second_track_window_days as integer)' %}

-- Two equal windows on either side of the day of a store's or region's first sale through a channel
-- of the online class; that day begins the second window. Both lie within what is known, else there
-- is no comparison. Units compared with have no online sale until the second window is over and
-- sold in the first.
with days as (
    select
        sales.store_id,
        coalesce(stores.region, 'UNKNOWN') as region,
        sales.business_date,
        sum(sales.net_amount_chain) as net_sales,
        max(case when channels.source_class = 'online' and not sales.is_refund then 1 else 0 end)
            as has_online
    from {{ ref('int_sales__lines_kept') }} as sales
    left join {{ ref('int_channels__names_mapped') }} as channels
        on sales.channel = channels.channel
    left join {{ ref('int_stores__details_stated') }} as stores
        on sales.store_id = stores.store_id
    group by sales.store_id, coalesce(stores.region, 'UNKNOWN'), sales.business_date
),

units as (
    {% for kind, unit in [('store', 'store_id'), ('region', 'region')] %}
    select
        '{{ kind }}' as unit_kind,
        {{ unit }} as unit,
        business_date,
        sum(net_sales) as net_sales,
        max(has_online) as has_online
    from days
    group by {{ unit }}, business_date
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

joined as (
    select
        unit_kind,
        unit,
        min(business_date) as first_date,
        min(case when has_online = 1 then business_date end) as second_track_date
    from units
    group by unit_kind, unit
),

windows as (
    select
        joined.unit_kind,
        joined.unit,
        joined.first_date,
        joined.second_track_date,
        rules.second_track_window_days as window_days,
        {{ add_days('joined.second_track_date', '-' ~ window) }} as window_from,
        {{ add_days('joined.second_track_date', window ~ ' - 1') }} as window_to,
        rules.as_of
    from joined
    cross join {{ ref('int_channels__rules_dated') }} as rules
),

sums as (
    select
        windows.unit_kind,
        windows.unit,
        units.unit as compared_unit,
        sum(case when units.business_date < windows.second_track_date then units.net_sales end)
            as sales_before,
        sum(case when units.business_date >= windows.second_track_date then units.net_sales end)
            as sales_after
    from windows
    inner join units
        on
            windows.unit_kind = units.unit_kind
            and windows.window_from <= units.business_date
            and windows.window_to >= units.business_date
    where windows.first_date <= windows.window_from and windows.window_to <= windows.as_of
    group by windows.unit_kind, windows.unit, units.unit
),

compared as (
    select
        sums.unit_kind,
        sums.unit,
        sum(case when sums.compared_unit = sums.unit then sums.sales_before end) as sales_before,
        sum(case when sums.compared_unit = sums.unit then sums.sales_after end) as sales_after,
        sum(sums.sales_before) as all_before,
        sum(sums.sales_after) as all_after,
        count(
            case
                when
                    sums.sales_before > 0
                    and coalesce(others.second_track_date > windows.window_to, true)
                    then 1
            end
        ) as comparison_units,
        sum(
            case
                when
                    sums.sales_before > 0
                    and coalesce(others.second_track_date > windows.window_to, true)
                    then sums.sales_before
            end
        ) as comparison_before,
        sum(
            case
                when
                    sums.sales_before > 0
                    and coalesce(others.second_track_date > windows.window_to, true)
                    then coalesce(sums.sales_after, 0)
            end
        ) as comparison_after
    from sums
    inner join windows on sums.unit_kind = windows.unit_kind and sums.unit = windows.unit
    inner join joined as others
        on sums.unit_kind = others.unit_kind and sums.compared_unit = others.unit
    group by sums.unit_kind, sums.unit
)

select
    windows.unit_kind,
    windows.unit,
    windows.second_track_date,
    windows.window_days,
    compared.sales_before,
    compared.sales_after,
    cast(compared.sales_after as double) / nullif(cast(compared.sales_before as double), 0) - 1
        as growth,
    cast(compared.sales_before as double) / nullif(cast(compared.all_before as double), 0)
        as share_before,
    cast(compared.sales_after as double) / nullif(cast(compared.all_after as double), 0)
        as share_after,
    compared.comparison_units,
    cast(compared.comparison_after as double)
    / nullif(cast(compared.comparison_before as double), 0) - 1 as comparison_growth,
    case
        when windows.second_track_date is null then 'one track only'
        when windows.first_date > windows.window_from then 'insufficient: too little before'
        when windows.window_to > windows.as_of then 'insufficient: too little after'
        when compared.sales_before is null then 'insufficient: nothing sold before'
        when compared.comparison_units = 0 then 'uncontrolled'
        else 'compared'
    end as status
from windows
left join compared
    on windows.unit_kind = compared.unit_kind and windows.unit = compared.unit
