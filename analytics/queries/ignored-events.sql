-- Stored events that enrich ignored, by reason and source. The metric EventsIgnored counts those that ingest ignored.
SELECT reason, source, count(DISTINCT id) AS events
FROM lead_outcomes
WHERE dt BETWEEN '{from}' AND '{to}' AND outcome = 'ignored'
GROUP BY reason, source
ORDER BY events DESC, reason, source
