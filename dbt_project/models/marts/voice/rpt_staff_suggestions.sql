-- Adopted is adopted or launched; a reward without adoption is counted, to be asked about.
select
    cast(extract(year from items.captured_date) as integer) as year,
    cast(count(*) as integer) as suggestions,
    cast(count(case when items.is_anonymous then 1 end) as integer) as anonymous_suggestions,
    cast(count(case when items.status in ('adopted', 'launched') then 1 end) as integer) as adopted,
    cast(count(case when items.status in ('adopted', 'launched') then 1 end) as double) / count(*)
        as adopted_share,
    cast(count(items.reward_amount) as integer) as rewards,
    cast(sum(items.reward_amount) as decimal(18, 2)) as reward_amount,
    cast(
        count(
            case
                when coalesce(items.status, 'received') not in ('adopted', 'launched')
                    then items.reward_amount
            end
        ) as integer
    ) as rewards_without_adoption,
    context.as_of
from {{ ref('int_feedback__items_gathered') }} as items
cross join {{ ref('int_build__context_stated') }} as context
where
    items.author = 'staff'
    and items.source_kind = 'suggestion'
    and items.captured_date <= context.as_of
group by cast(extract(year from items.captured_date) as integer), context.as_of
