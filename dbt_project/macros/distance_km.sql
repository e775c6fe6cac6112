{# Great-circle kilometres between two places in degrees, on a sphere of the mean radius of the Earth,
   6371.0088 km (IUGG); null where a place is unknown. #}
{% macro distance_km(latitude, longitude, other_latitude, other_longitude) -%}
    {%- set there -%} radians(cast({{ latitude }} as double)) {%- endset -%}
    {%- set other -%} radians(cast({{ other_latitude }} as double)) {%- endset -%}
    2 * 6371.0088 * asin(
        sqrt(
            power(sin(({{ other }} - {{ there }}) / 2), 2)
            + cos({{ there }}) * cos({{ other }}) * power(
                sin(
                    (
                        radians(cast({{ other_longitude }} as double))
                        - radians(cast({{ longitude }} as double))
                    ) / 2
                ), 2
            )
        )
    )
{%- endmacro %}
