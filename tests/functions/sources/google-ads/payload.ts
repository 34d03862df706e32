/** Modelled on https://developers.google.com/google-ads/webhook/docs/implementation */
export const lead = `{
  "lead_id": "TeSter-7c5a-4e1b",
  "user_column_data": [
    { "column_name": "Full Name", "string_value": "Jane Roe", "column_id": "FULL_NAME" },
    { "column_name": "User Email", "string_value": "jane.roe@acme.example", "column_id": "EMAIL" },
    { "column_name": "User Phone", "string_value": "+16505550123", "column_id": "PHONE_NUMBER" },
    { "column_name": "Company name", "string_value": "Acme Ltd", "column_id": "COMPANY_NAME" },
    { "column_name": "Job title", "string_value": "Head of Sales", "column_id": "JOB_TITLE" },
    { "column_name": "Country", "string_value": "US", "column_id": "COUNTRY" },
    { "column_name": "What is your preferred dealership?", "string_value": "North", "column_id": "preferred_dealership" }
  ],
  "api_version": "1.0",
  "form_id": 40000000000,
  "campaign_id": 12345678901234567890,
  "google_key": "Kz7-secret_key",
  "is_test": true,
  "gcl_id": "EAIaIQobChMI3PCWmoDK5wIVVAmdCh3YWg",
  "adgroup_id": 20000000000,
  "creative_id": 30000000000
}`;
