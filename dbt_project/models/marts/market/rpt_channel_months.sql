-- From the first month of a channel on each closed month is a row; growth is on the month before.
with sold as (
    select
        channel,
        month_start,
        sum(net_sales) as net_sales
    from {{ ref('int_sales__product_months_summarised') }}
    group by channel, month_start
),

firsts as (
    select
        channel,
        min(month_start) as first_month
    from sold
    group by channel
),

placed as (
    select
        firsts.channel,
        firsts.first_month,
        months.month_start,
        case when sold.channel is null then 0 else sold.net_sales end as net_sales
    from firsts
    inner join {{ ref('int_build__months_listed') }} as months
        on firsts.first_month <= months.month_start and months.is_closed
    left join sold
        on firsts.channel = sold.channel and months.month_start = sold.month_start
),

compared as (
    select
        *,
        sum(net_sales) over (partition by month_start) as all_sales,
        lag(net_sales) over (partition by channel order by month_start asc) as sales_before
    from placed
)

select
    compared.month_start,
    compared.channel,
    channels.source_class,
    coalesce(channels.is_new, false) as is_new_channel,
    compared.first_month,
    cast(compared.net_sales as decimal(18, 2)) as net_sales,
    case
        when compared.all_sales > 0
            then
                cast(compared.net_sales as double)
                / nullif(cast(compared.all_sales as double), 0)
    end as sales_share,
    case
        when compared.sales_before > 0
            then
                cast(compared.net_sales as double)
                / nullif(cast(compared.sales_before as double), 0) - 1
    end as growth,
    context.chain_currency as currency,
    context.as_of
from compared
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_channels__names_mapped') }} as channels
    on compared.channel = channels.channel
