-- Announced leads by source, and those of people who came before.
SELECT
  source,
  count(DISTINCT id) AS leads,
  count(DISTINCT CASE WHEN seen_before THEN id END) AS seen_again
FROM lead_outcomes
WHERE dt BETWEEN '{from}' AND '{to}' AND outcome = 'announced'
GROUP BY source
ORDER BY source
