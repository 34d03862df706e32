-- Announced leads and messages by channel and destination.
SELECT
  channel,
  destination,
  count(*) AS leads,
  count(DISTINCT happened_at) AS messages,
  count(may_be_repeat) AS marked_as_repeats
FROM lead_outcomes
WHERE dt BETWEEN '{from}' AND '{to}' AND outcome = 'announced'
GROUP BY channel, destination
ORDER BY leads DESC, channel, destination
