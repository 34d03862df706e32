-- Fields that could not be read, by source.
SELECT source, warning, count(*) AS leads
FROM leads
CROSS JOIN UNNEST(warnings) AS unnested (warning)
WHERE dt BETWEEN '{from}' AND '{to}'
GROUP BY source, warning
ORDER BY leads DESC, source, warning
