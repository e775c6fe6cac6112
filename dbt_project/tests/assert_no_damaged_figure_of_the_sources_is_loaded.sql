{{ config(meta={'requirements': ['ECON-07', 'ECON-03', 'ECON-20']}) }}

-- 710 is 7 to 10, 12 is 1/2, 20%35% and 20%85% are ranges, 525 is 5 and 25, 500 is a stray number:
-- their dashes, strokes and signs are lost in print.
select code
from {{ ref('ref_benchmarks') }}
where
    low in (710, 12, 2035, 2085, 20.35, 20.85, 525, 500)
    or high in (710, 12, 2035, 2085, 20.35, 20.85, 525, 500)
