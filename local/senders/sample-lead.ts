/** A lead for people to send. No such person exists, and nobody has the address. */
export const sampleLead = {
  first_name: "Ada",
  last_name: "Lovelace",
  email: "ada@analytical-engines.example.com",
  company: "Analytical Engines",
  country: "GB",
} as const;
