-- Dead-lettered leads by reason and source.
SELECT reason, source, count(DISTINCT id) AS leads
FROM lead_outcomes
WHERE dt BETWEEN '{from}' AND '{to}' AND outcome = 'deadLettered'
GROUP BY reason, source
ORDER BY leads DESC, reason, source
