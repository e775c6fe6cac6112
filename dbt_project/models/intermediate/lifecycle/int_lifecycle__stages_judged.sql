-- A table, for the past of all buyers is dear to judge. Its rows of days before `judged_from` stay.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="
        {% set relation = ref('int_lifecycle__customers_judged') %}
        {% if is_incremental() %}
        delete from {{ this }} as stages
        using {{ relation }} as customers
        where
            stages.customer_id = customers.customer_id
            and stages.judged_date >= customers.judged_from
        {% endif %}"
) }}

select
    customer_id,
    judged_date,
    stage4,
    stage5
from {{ ref('int_lifecycle__stages_assigned') }}
where not is_as_of
