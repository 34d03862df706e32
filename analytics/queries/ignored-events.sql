-- Ignored events by reason and source.
SELECT reason, source, count(DISTINCT id) AS events
FROM lead_outcomes
WHERE dt BETWEEN '{from}' AND '{to}' AND outcome = 'ignored'
GROUP BY reason, source
ORDER BY events DESC, reason, source
