-- Leads without an announcement, and why, if they were dead-lettered.
SELECT leads.id, leads.source, leads.received_at, known.reason
FROM leads
LEFT JOIN (
  SELECT id, max(reason) AS reason, bool_or(outcome = 'announced') AS is_announced
  FROM lead_outcomes
  WHERE dt >= '{from}'
  GROUP BY id
) AS known ON known.id = leads.id
WHERE leads.dt BETWEEN '{from}' AND '{to}' AND NOT coalesce(known.is_announced, false)
ORDER BY leads.received_at, leads.id
