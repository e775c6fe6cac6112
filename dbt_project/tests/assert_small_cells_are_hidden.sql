{{ config(meta={'requirements': ['SAT-06']}) }}

-- The macros that hide small cells, on one case each; the limit is that of ref_parameters.
with cases as (
    select
        0 as answers,
        5 as min_cell,
        '<5' as label,
        cast(null as integer) as figure
    union all
    select
        4 as answers,
        5 as min_cell,
        '<5' as label,
        cast(null as integer) as figure
    union all
    select
        5 as answers,
        5 as min_cell,
        '5' as label,
        77 as figure
    union all
    select
        6 as answers,
        5 as min_cell,
        '6' as label,
        77 as figure
    union all
    select
        cast(null as integer) as answers,
        5 as min_cell,
        '<5' as label,
        cast(null as integer) as figure
    union all
    select
        6 as answers,
        cast(null as integer) as min_cell,
        cast(null as string) as label,
        cast(null as integer) as figure
),

hidden as (
    select
        answers,
        min_cell,
        label as expected_label,
        figure as expected_figure,
        {{ answers_label('answers', 'min_cell') }} as found_label,
        {{ large_cell('77', 'answers', 'min_cell') }} as found_figure
    from cases
)

select *
from hidden
where
    found_label is distinct from expected_label
    or found_figure is distinct from expected_figure
