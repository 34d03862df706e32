-- Leads by source and day.
SELECT dt AS day, source, count(*) AS leads
FROM leads
WHERE dt BETWEEN '{from}' AND '{to}'
GROUP BY dt, source
ORDER BY day, source
