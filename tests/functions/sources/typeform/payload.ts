/** Modelled on https://www.typeform.com/developers/webhooks/example-payload/ */
export const response = {
  event_id: "LtWXD3crgy",
  event_type: "form_response",
  form_response: {
    form_id: "lT4Z3j",
    token: "a3a12ec67a1365927098a606107fac15",
    submitted_at: "2026-01-18T18:17:02Z",
    landed_at: "2026-01-18T18:07:02Z",
    calculated: { score: 9 },
    variables: [{ key: "score", type: "number", number: 4 }],
    hidden: { utm_source: "newsletter", utm_campaign: "spring" },
    definition: {
      id: "lT4Z3j",
      title: "Talk to sales",
      fields: [
        { id: "JwWggjAKtOkA", title: "What is your first name?", type: "short_text", ref: "first_name" },
        { id: "kF3hW0mWlXpn", title: "And your last name?", type: "short_text", ref: "last_name" },
        { id: "SMEUb7VJz92Q", title: "Your work email", type: "email", ref: "01J8ZK" },
        { id: "PNe8ZKBK8C2Q", title: "Phone number", type: "phone_number", ref: "readable_ref_phone" },
        { id: "Q7M2XAwY04dW", title: "How many people work at your company?", type: "number", ref: "01J8ZM" },
        { id: "k6TP9oLGgHjl", title: "Which product are you interested in?", type: "multiple_choice", ref: "01J8ZN" },
        { id: "WOTdC00F8A3h", title: "May we write to you about news?", type: "yes_no", ref: "01J8ZP" },
      ],
      endings: [{ id: "dN5FLyFpCMFo", ref: "01GRC8GR2017M6WW347T86VV39", title: "Bye!", type: "thankyou_screen" }],
    },
    answers: [
      { type: "text", text: "Jane", field: { id: "JwWggjAKtOkA", type: "short_text", ref: "first_name" } },
      { type: "text", text: "Roe", field: { id: "kF3hW0mWlXpn", type: "short_text", ref: "last_name" } },
      { type: "email", email: "jane.roe@acme.example", field: { id: "SMEUb7VJz92Q", type: "email", ref: "01J8ZK" } },
      {
        type: "phone_number",
        phone_number: "+442079460123",
        field: { id: "PNe8ZKBK8C2Q", type: "phone_number", ref: "readable_ref_phone" },
      },
      { type: "number", number: 250, field: { id: "Q7M2XAwY04dW", type: "number", ref: "01J8ZM" } },
      {
        type: "choice",
        choice: { id: "aB3", label: "Analytics", ref: "c1" },
        field: { id: "k6TP9oLGgHjl", type: "multiple_choice", ref: "01J8ZN" },
      },
      { type: "boolean", boolean: true, field: { id: "WOTdC00F8A3h", type: "yes_no", ref: "01J8ZP" } },
    ],
    ending: { id: "dN5FLyFpCMFo", ref: "01GRC8GR2017M6WW347T86VV39" },
  },
} as const;
