-- The 50 companies with the most leads, by domain.
SELECT company_domain, max(company_name) AS company_name, count(*) AS leads
FROM leads
WHERE dt BETWEEN '{from}' AND '{to}' AND company_domain IS NOT NULL
GROUP BY company_domain
ORDER BY leads DESC, company_domain
LIMIT 50
