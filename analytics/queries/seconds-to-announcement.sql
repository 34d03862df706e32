-- Seconds from receipt to the first announcement, by source and week.
SELECT
  source,
  CAST(date_trunc('week', received_at) AS date) AS week,
  count(*) AS leads,
  approx_percentile(milliseconds, 0.5) / 1e3 AS p50,
  approx_percentile(milliseconds, 0.95) / 1e3 AS p95,
  approx_percentile(milliseconds, 0.99) / 1e3 AS p99
FROM (
  SELECT id, source, min(received_at) AS received_at, min(milliseconds) AS milliseconds
  FROM lead_outcomes
  WHERE dt BETWEEN '{from}' AND '{to}' AND outcome = 'announced' AND milliseconds IS NOT NULL
  GROUP BY id, source
) AS first_announcements
GROUP BY source, CAST(date_trunc('week', received_at) AS date)
ORDER BY source, week
