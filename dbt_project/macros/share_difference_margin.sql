{# Half the width of the interval, z standard errors to each side, of the difference of two shares of one
   sample of n: of its variance, which the sample estimates. #}
{% macro share_difference_margin(one, other, n, z) -%}
    {{ z }} * sqrt(
        (
            cast({{ one }} + {{ other }} as double) / {{ n }}
            - power(cast({{ one }} - {{ other }} as double) / {{ n }}, 2)
        ) / {{ n }}
    )
{%- endmacro %}
