-- Who collected it and on what ground must be known of what others collected.
with mixed as (
    select
        feed,
        method,
        collection_mode,
        row_count,
        cast(row_count as double) / sum(row_count) over () as share_of_rows,
        case when collection_mode = 'indirect' then rows_without_source end as rows_without_source,
        case when collection_mode = 'indirect' then rows_without_basis end as rows_without_basis
    from {{ ref('int_quality__collections_counted') }}
)

select
    coalesce(mixed.feed, delivered.feed) as feed,
    mixed.method,
    mixed.collection_mode,
    cast(mixed.row_count as bigint) as row_count,
    mixed.share_of_rows,
    cast(mixed.rows_without_source as bigint) as rows_without_source,
    cast(mixed.rows_without_basis as bigint) as rows_without_basis,
    case when mixed.feed is null then 'no data' else 'counted' end as status,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join mixed on delivered.feed = mixed.feed
where
    mixed.feed is not null
    or (
        not delivered.is_delivered
        and delivered.feed in (
            'pos_sales', 'survey_responses', 'complaints', 'customers', 'ref_interactions',
            'ref_feedback', 'ref_prospects', 'ref_consents'
        )
    )
