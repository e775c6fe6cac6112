with sizes as (
    select
        cluster,
        count(*) as customers
    from {{ ref('int_segments__clusters_fitted') }}
    where cluster is not null
    group by cluster
)

select
    cast(members.customer_id as string) as customer_id,
    cast(members.cluster as integer) as cluster,
    cast(sizes.customers as integer) as customers_in_cluster,
    sizes.customers = 1 as is_single,
    cast(members.clusters as integer) as clusters,
    cast(members.silhouette as double) as silhouette,
    cast(members.status as string) as status,
    cast(
        case
            when members.cluster is not null then null
            when members.status = 'fitted' then 'a feature is not known'
            else members.note
        end as string
    ) as reason,
    context.as_of
from {{ ref('int_segments__clusters_fitted') }} as members
cross join {{ ref('int_build__context_stated') }} as context
left join sizes on members.cluster = sizes.cluster
