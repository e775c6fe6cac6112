-- A buyer is kept from the first purchase, or one that ended a loss, to the next loss. Later losses
-- stand beside it too: of several in one period only the last may still be one when it ends.
with begun as (
    select
        customer_id,
        first_purchase_date,
        first_purchase_date as kept_from
    from {{ ref('int_customers__first_purchases_dated') }}
    union all
    select
        losses.customer_id,
        firsts.first_purchase_date,
        losses.returned_date as kept_from
    from {{ ref('int_churn__losses_found') }} as losses
    inner join {{ ref('int_customers__first_purchases_dated') }} as firsts
        on losses.customer_id = firsts.customer_id
    where losses.returned_date is not null
),

followed as (
    select
        begun.*,
        coalesce(losses.lost_date, cast('9999-12-31' as date)) as lost_date,
        coalesce(losses.returned_date, cast('9999-12-31' as date)) as returned_date
    from begun
    left join {{ ref('int_churn__losses_found') }} as losses
        on begun.customer_id = losses.customer_id and begun.kept_from < losses.lost_date
),

ended as (
    select
        *,
        min(lost_date) over (partition by customer_id, kept_from) as kept_until
    from followed
)

select
    customer_id,
    first_purchase_date,
    {{ month_of('kept_from') }} as kept_month,
    {{ month_of('kept_until') }} as kept_until_month,
    {{ month_of('lost_date') }} as lost_month,
    {{ month_of('returned_date') }} as returned_month,
    lost_date = kept_until as is_next_loss
from ended
