{# The text in half-width letters and digits, without blanks around it. #}
{% macro clean_text(value) -%}
    trim({{ half_width(value) }})
{%- endmacro %}


{# A code is compared in lower case besides. #}
{% macro clean_code(value) -%}
    lower({{ clean_text(value) }})
{%- endmacro %}


{# Full-width letters, digits, hyphen, full stop, slash, underscore and blank as ASCII ones. #}
{% macro half_width(value) -%}
    translate(
        {{ value }},
        '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ－．／＿　',
        '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-./_ '
    )
{%- endmacro %}
