{% set owners = ['marketing', 'sales', 'operations', 'service'] %}

-- What a campaign brought is the effect per unit times the units reached. Without a comparison
-- nobody knows it: sales that carry its code would partly have come without it.
with lifts as (
    select
        campaign_id,
        max(baseline) as baseline,
        max(case when measure = 'spend' then status end) as status,
        max(case when measure = 'spend' then nullif(note, '') end) as note,
        max(n_treated) as n_treated,
        max(n_control) as n_control,
        {% for measure in ['spend', 'margin'] %}
        {% for bound in ['effect', 'effect_low', 'effect_high'] %}
        max(case when measure = '{{ measure }}' then {{ bound }} end) * max(n_treated)
            as {{ measure }}_{{ bound }},
        {% endfor %}
        {% endfor %}
        max(case when measure = 'bought' then effect end) as conversion_change
    from {{ ref('int_campaigns__lifts_estimated') }}
    group by campaign_id
),

compared as (
    select
        windows.campaign_id,
        windows.measured_to_date,
        lifts.baseline,
        lifts.status,
        lifts.note,
        lifts.n_treated,
        lifts.n_control,
        lifts.spend_effect,
        lifts.spend_effect_low,
        lifts.spend_effect_high,
        lifts.margin_effect,
        lifts.margin_effect_low,
        lifts.margin_effect_high,
        lifts.conversion_change,
        case when windows.design = 'customers' then windows.control_share end
            as planned_control_share,
        case
            when windows.design = 'customers'
                then
                    cast(lifts.n_control as double)
                    / nullif(lifts.n_control + lifts.n_treated, 0)
        end as control_share,
        abs(lifts.n_control - (lifts.n_control + lifts.n_treated) * windows.control_share)
        > rules.control_max_sd * sqrt(
            (lifts.n_control + lifts.n_treated)
            * cast(windows.control_share * (1 - windows.control_share) as double)
        ) as is_control_doubtful,
        case
            when windows.design_note <> '' then windows.design_note
            when lifts.campaign_id is null then 'nobody and no store could be compared'
        end as design_note
    from {{ ref('int_campaigns__windows_set') }} as windows
    cross join {{ ref('int_campaigns__rules_dated') }} as rules
    left join lifts on windows.campaign_id = lifts.campaign_id
)

select
    campaigns.campaign_id,
    campaigns.campaign_name,
    campaigns.kind,
    campaigns.audience,
    campaigns.tactic,
    cast(campaigns.relation_level as integer) as relation_level,
    campaigns.channels,
    campaigns.stage,
    campaigns.start_date,
    campaigns.end_date,
    {% for owner in owners %}
    campaigns.{{ owner }}_owner_id,
    {% endfor %}
    cast(
        {% for owner in owners -%}
        case when campaigns.{{ owner }}_owner_id is null then 1 else 0 end
        {{- ' + ' if not loop.last }}
        {%- endfor %} as integer
    ) as departments_without_owner,
    campaigns.goal_metric,
    campaigns.goal_target,
    campaigns.goal_unit,
    campaigns.goal_metric is not null
    and campaigns.goal_target is not null
    and campaigns.goal_unit is not null as has_measurable_goal,
    case when campaigns.currency = context.chain_currency then campaigns.budget end as budget,
    costs.cost,
    measured.contacted,
    measured.responders,
    cast(measured.responders as double) / nullif(measured.contacted, 0) as response_rate,
    cast(compared.n_treated as integer) as units_reached,
    cast(compared.n_control as integer) as units_held_out,
    compared.planned_control_share,
    compared.control_share,
    case when measured.has_promo_code then measured.net_sales end as sales_with_code,
    coalesce(compared.baseline, 'none') as baseline,
    compared.measured_to_date,
    cast(compared.spend_effect as decimal(18, 2)) as incremental_sales,
    cast(compared.spend_effect_low as decimal(18, 2)) as incremental_sales_low,
    cast(compared.spend_effect_high as decimal(18, 2)) as incremental_sales_high,
    cast(compared.margin_effect as decimal(18, 2)) as incremental_margin,
    cast(compared.margin_effect_low as decimal(18, 2)) as incremental_margin_low,
    cast(compared.margin_effect_high as decimal(18, 2)) as incremental_margin_high,
    compared.conversion_change,
    compared.margin_effect / nullif(cast(costs.cost as double), 0) as cost_benefit_ratio,
    case
        when coalesce(compared.status, 'uncontrolled') <> 'measured' then 'uncontrolled'
        when compared.is_control_doubtful then 'doubtful'
        else 'measured'
    end as status,
    case
        when compared.campaign_id is null then 'it has not begun'
        when compared.design_note is not null then compared.design_note
        when compared.status <> 'measured' then compared.note
        when compared.is_control_doubtful then 'the control group is not of the planned share'
        when compared.margin_effect is null then 'a product without a cost: no margin'
        when costs.cost is null then 'no cost was booked'
        else compared.note
    end as reason,
    context.chain_currency as currency,
    context.as_of
from {{ ref('int_customers__campaigns_listed') }} as campaigns
cross join {{ ref('int_build__context_stated') }} as context
left join compared on campaigns.campaign_id = compared.campaign_id
left join {{ ref('int_programme__campaign_costs_summarised') }} as costs
    on campaigns.campaign_id = costs.campaign_id
left join {{ ref('int_segments__campaigns_measured') }} as measured
    on campaigns.campaign_id = measured.campaign_id
