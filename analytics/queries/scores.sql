-- Leads by score, in steps of ten.
SELECT score - score % 10 AS score_from, count(*) AS leads
FROM leads
WHERE dt BETWEEN '{from}' AND '{to}'
GROUP BY score - score % 10
ORDER BY score_from
