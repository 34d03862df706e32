import { suite } from "uvu";
import * as assert from "uvu/assert";
import { maxTextLength } from "../../../functions/lead/text.ts";
import { readerWith, readLead } from "../../../functions/sources/general-reader.ts";
import { hostileLeads, largestBody } from "../../helpers/hostile.ts";
import { answersIn, readingOf, textsIn } from "../../helpers/reading.ts";

type Json = Readonly<Record<string, unknown>>;
const read = (lead: Json) => textsIn(readingOf(readLead, lead));
const answersOf = (lead: Json) => readingOf(readLead, lead).answers.map(({ label, answer }) => `${label}: ${answer}`);
const allOf = (field: "email" | "phone", lead: Json) =>
  readingOf(readLead, lead).fields[field]?.map(({ text }) => String(text));

const email = "ada@acme.example";

const reader = suite("general reader");

reader("finds fields under the names of CRMs and forms, in any spelling", () => {
  for (const name of [
    "first_name",
    "firstName",
    "First Name",
    "FIRST-NAME",
    "givenname",
    "Your first name (required)",
  ]) {
    assert.equal(read({ [name]: "Jane" }), { firstName: "Jane" }, name);
  }
});

for (const [name, field] of [
  ["your-email", "email"],
  ["No Label email", "email"],
  ["emailaddress1", "email"],
  ["q4_email4", "email"],
  ["contact.email", "email"],
  ["What is your work email?", "email"],
  ["data[merges][EMAIL]", "email"],
  ["work_phone_number", "phone"],
  ["telephone1", "phone"],
  ["Which country are you based in?", "country"],
  ["address1_country", "country"],
  ["No_of_Employees", "employees"],
  ["Designation", "jobTitle"],
] as const) {
  reader(`knows ${name} as ${field}`, () => {
    const value = field === "email" ? email : field === "phone" || field === "employees" ? "12345678" : "Kenya";
    assert.equal(read({ [name]: value }), { [field]: value });
  });
}

for (const name of [
  "email_opt_out",
  "email status",
  "manager_email",
  "owner id",
  "company_type",
  "is_company",
  "phone_type",
  "user_id",
  "What is your company's email policy?",
  "Is this your first time?",
  "city",
]) {
  reader(`does not take ${name} for a field`, () => {
    assert.equal(read({ [name]: email }), {});
  });
}

/** A form in each language: given name, family name, email, phone, company, country, message. */
const forms = {
  German: ["Vorname", "Nachname", "E-Mail-Adresse", "Telefonnummer", "Firma", "Land", "Ihre Nachricht"],
  French: ["Prénom", "Nom de famille", "Adresse e-mail", "Téléphone", "Société", "Pays", "Votre message"],
  Spanish: ["Primer nombre", "Apellidos", "Correo electrónico", "Teléfono", "Empresa", "País", "Mensaje"],
  Portuguese: ["Primeiro nome", "Sobrenome", "E-mail corporativo*", "Telefone", "Empresa", "País", "Mensagem"],
  Italian: ["Nome", "Cognome", "Indirizzo e-mail", "Telefono", "Azienda", "Paese", "Il tuo messaggio"],
  Dutch: ["Voornaam", "Achternaam", "E-mailadres", "Telefoonnummer", "Bedrijf", "Land", "Bericht"],
  Polish: ["Imię", "Nazwisko", "Adres e-mail", "Numer telefonu", "Nazwa firmy", "Kraj", "Wiadomość"],
  Swedish: ["Förnamn", "Efternamn", "E-post", "Telefon", "Företag", "Land", "Meddelande"],
  Czech: ["Křestní jméno", "Příjmení", "E-mail", "Telefon", "Společnost", "Země", "Zpráva"],
  Turkish: ["Adınız", "Soyadınız", "E-posta", "Telefon numarası", "Şirket", "Ülke", "Mesajınız"],
  Russian: ["Имя", "Фамилия", "Электронная почта", "Телефон", "Компания", "Страна", "Сообщение"],
  Greek: ["Όνομα", "Επώνυμο", "Email", "Τηλέφωνο", "Εταιρεία", "Χώρα", "Μήνυμα"],
  Japanese: ["名", "姓", "メールアドレス", "電話番号", "会社名", "国", "お問い合わせ内容"],
  Chinese: ["名字", "姓", "邮箱", "电话", "公司名称", "国家", "留言"],
  Korean: ["이름", "성", "이메일", "전화번호", "회사명", "국가", "문의내용"],
  Arabic: ["الاسم الأول", "اسم العائلة", "البريد الإلكتروني", "رقم الهاتف", "الشركة", "الدولة", "الرسالة"],
  Hebrew: ["שם פרטי", "שם משפחה", "אימייל", "טלפון", "חברה", "מדינה", "הודעה"],
};
for (const [language, names] of Object.entries(forms)) {
  reader(`reads a form in ${language}`, () => {
    const values = ["Ada", "Byron", email, "12345678", "Acme", "Kenya", "Hello"];
    const fields = ["firstName", "lastName", "email", "phone", "company", "country", "message"];
    const lead = Object.fromEntries(names.map((name, index) => [name, values[index]]));
    const expected = Object.fromEntries(fields.map((field, index) => [field, values[index]]));
    assert.equal(Object.entries(read(lead)).sort(), Object.entries(expected).sort());
  });
}

reader(
  "takes a name beside a first name as the last name, beside a last name as the first, and alone as the whole",
  () => {
    assert.equal(read({ Vorname: "Anna", Name: "Schmidt" }), { firstName: "Anna", lastName: "Schmidt" });
    assert.equal(read({ nombre: "Ana", apellidos: "Gil" }), { lastName: "Gil", firstName: "Ana" });
    assert.equal(read({ name: "Ana Gil" }), { fullName: "Ana Gil" });
    assert.equal(read({ name: "Ana Gil", last_name: "Gil" }), { fullName: "Ana Gil", lastName: "Gil" });
  },
);

reader("opens wrappers, objects with a value, lists and texts of JSON, at any depth", () => {
  const expected = { firstName: "Ada", email };
  const plain = { first_name: "Ada", email };
  for (const lead of [
    { properties: plain },
    { event: { data: { current: plain } } },
    { type: "t", data: [plain] },
    { contact: { firstname: { value: "Ada", versions: [{ value: "Eve" }] }, email: { value: email } } },
    { traits: { first_name: ["Ada"], email: [{ value: email, primary: true }] } },
    { inquiry: plain },
    { payload: JSON.stringify({ rawRequest: JSON.stringify(plain) }) },
    {
      fields: {
        field_1: { id: "a", type: "text", title: "First name", value: "Ada" },
        e: { title: "Email", value: email },
      },
    },
    {
      questions: [
        { name: "First name", value: "Ada" },
        { name: "Email", value: email },
      ],
    },
    { names: { first_name: "Ada" }, email },
  ]) {
    assert.equal(read(lead), expected, JSON.stringify(lead));
  }
});

for (const [name, value] of [
  ["name", "value"],
  ["label", "value"],
  ["question", "answer"],
  ["Name", "Value"],
  ["FIELD_NAME", "FIELD_VALUE"],
  ["question_text", "answer_text"],
  ["column_id", "string_value"],
  ["key", "values"],
  ["field", "value"],
] as const) {
  reader(`reads a list of objects with ${name} and ${value}`, () => {
    const pair = (key: string, text: string) => ({ [name]: key, [value]: value === "values" ? [text] : text });
    const lead = { anything: [pair("Full Name", "Ada Byron"), pair("email", email), pair("Your budget", "9 k")] };
    assert.equal(read(lead), { fullName: "Ada Byron", email });
    assert.equal(answersOf(lead), ["Your budget: 9 k"]);
  });
}

reader("finds the questions of answers by their ids in the form's definition", () => {
  const fields = [
    { id: "a", title: "What is your name?" },
    { id: "b", ref: "r", title: "How big is your team?" },
  ];
  const answers = [
    { type: "text", text: "Ada Byron", field: { id: "a", type: "short_text" } },
    { type: "choice", choice: { label: "11-50" }, field: { ref: "r", type: "multiple_choice" } },
    { type: "email", email, field: { id: "z", type: "email" } },
  ];
  const lead = { form_response: { definition: { title: "Contact us", fields }, answers } };
  const beside = Object.fromEntries(Array.from({ length: 999 }, (_, index) => [`x${index}`, "text"]));
  for (const one of [lead, { ...beside, ...lead }]) {
    assert.equal([read(one), answersOf(one)], [{ fullName: "Ada Byron", email }, ["How big is your team?: 11-50"]]);
  }
});

reader("reads an email address under a number, as some forms name their fields, only if there is no other", () => {
  assert.equal(read({ "1.3": "Ada", 2: email, 3: "+49 30 1234", form_id: "7" }), { email, phone: "+49 30 1234" });
  assert.equal(read({ email, 2: "bob@acme.example" }), { email });
});

reader("adds a phone number's area code and extension where they stand apart", () => {
  assert.equal(allOf("phone", { phones: [{ area: "212", phone: "5550100" }] }), ["(212) 5550100"]);
  assert.equal(allOf("phone", { phones: [{ number: "+49 30 1234", extension: 12 }] }), ["+49 30 1234 ext. 12"]);
});

reader("takes a record's id from the object right around the person's, not from the event", () => {
  const lead = { id: "evt_1", type: "t", data: { id: "rec_1", attributes: { email } } };
  assert.equal(read(lead), { email, crmId: "rec_1" });
  assert.equal(read({ id: "evt_1", data: { record: { attributes: { email } } } }), { email });
});

reader("reads the contact of a company, but not beside the person's own address", () => {
  const organization = { name: "Acme", contact: { name: "Ada", email } };
  assert.equal(read({ organization }), { company: "Acme", fullName: "Ada", email });
  assert.equal(read({ organization, email: "bob@acme.example" }), { company: "Acme", email: "bob@acme.example" });
});

reader("adds a country code that stands apart in a number's object, unless the number has one", () => {
  const phone = (number: string) => allOf("phone", { phone: { countryCode: "49", number } })?.[0];
  assert.equal([phone("30123456"), phone("+1 212 5550100")], ["+49 30123456", "+1 212 5550100"]);
});

reader("takes from a consent whether it was given, and not what was asked", () => {
  const text = "I agree to the terms";
  assert.equal(read({ email, consent: { text, given: false } }), { email, consent: "no" });
  assert.equal(read({ email, consent: { text } }), { email });
});

reader("prefers the page on which a person came to the page of the form, and no address for deliveries", () => {
  const pages = { page_url: "https://our.example/form", landing_page: "https://our.example/start" };
  assert.is(read({ email, ...pages }).landingPage, "https://our.example/start");
  assert.is(read({ email, address: { country: "KE" }, shipping_address: { country: "DE" } }).country, "KE");
});

reader("warns of several leads only if it finds none, and of the first of several people", () => {
  const people = [{ email: "a@b.example" }, { email: "c@d.example" }];
  assert.equal(readingOf(readLead, { data: people }).warnings, ["email: several leads"]);
  assert.equal(readingOf(readLead, { email, agents: people }).warnings, []);
  const two = { alpha: { email }, beta: { email: "bob@other.example" } };
  assert.equal(readingOf(readLead, two).warnings, ["email: one of several people"]);
});

reader("does not take the sender's own account or place for the lead's", () => {
  const sender = { account: { id: 1, name: "Our agency" }, location: { id: 2, name: "Our office", country: "US" } };
  assert.equal(read({ ...sender, website: "our.example", contact: { email } }), { email });
  assert.equal(read({ email, account: { name: "Acme" }, location: { country: "KE" } }), {
    email,
    company: "Acme",
    country: "KE",
  });
});

reader("takes a company's phone number or address only if nothing else reaches the person", () => {
  const company = { name: "Acme", phone: "030 123456" };
  assert.equal(read({ company }), { company: "Acme", phone: "030 123456" });
  assert.equal(read({ company, email }), { company: "Acme", email });
  assert.equal(read({ email, "user.email": "bob@our.example" }), { email });
  assert.equal(read({ "user.email": email }), { email });
});

reader("puts a country code that stands beside a number before it", () => {
  const phone = "30 23125014";
  for (const code of [{ phone_country_code: "+49" }, { dialCode: 49 }, { "Country code": "+49" }]) {
    assert.is(read({ email, phone, ...code }).phone, `+49 ${phone}`);
  }
  assert.is(read({ email, phone: "493023125014", country_code: "+49" }).phone, "493023125014");
  assert.is(read({ email, phone: "+33 612345678", country_code: "+49" }).phone, "+33 612345678");
  assert.is(read({ email, phone, country_code: "DE" }).phone, phone);
});

reader("takes nobody's mailbox for the person's", () => {
  assert.equal(read({ email_from: "no-reply@forms.example", reply_to: email }), { email });
  assert.equal(read({ sender_email: email }), { email });
});

reader("takes a number in a part of the person's object, and the best of the names of a question", () => {
  assert.equal(read({ id: 1, email, merges: { PHONE: "030 123456" } }), { crmId: "1", email, phone: "030 123456" });
  const column = { column_id: "EMAIL", column_name: "User Email", string_value: email };
  assert.equal(read({ columns: [column], changes: [{ field: "name", value: "Ada" }] }).email, email);
  assert.is(
    read({
      changes: [
        { field: "name", value: "Ada" },
        { field: "email", value: email },
      ],
    }).email,
    email,
  );
});

reader("takes the person's names from one place, and nobody else's", () => {
  const record = { name: "Website inquiry 7", contact: { first_name: "Ada", email } };
  assert.equal(read(record), { firstName: "Ada", email });
  assert.equal(read({ name: "Ada", "Contact person": "Bob", email }), { email });
  assert.equal(read({ email, billing_contact: { first_name: "Bob" }, created_by: { first_name: "Eve" } }), { email });
});

reader("takes a partner or a vendor for the lead only if nobody else can be reached", () => {
  const partner = { name: "Ada", email };
  assert.equal(read({ partner }), { fullName: "Ada", email });
  assert.equal(read({ company: "Acme", partner }), { company: "Acme", fullName: "Ada", email });
  assert.equal(read({ partner, customer: { name: "Bob", phone: "030 123456" } }), {
    fullName: "Bob",
    phone: "030 123456",
  });
  assert.equal(read({ agent: partner }), {});
});

reader("takes an owner's name and mailbox together only from one field or object", () => {
  const [name, mailbox] = ["Pat Ray", "pat@crm.example"];
  for (const lead of [
    { owner: { name, email: mailbox } },
    { leadOwnerName: name, leadOwnerEmail: mailbox },
    { contact_owner: { name }, contact_owner_email: mailbox },
    {
      fields: [
        { label: "Owner", value: name },
        { label: "Owner email", value: mailbox },
      ],
    },
  ]) {
    assert.equal(read({ email, ...lead }), { email, owner: name, ownerEmail: mailbox }, JSON.stringify(lead));
  }
  assert.equal(read({ email, owner: "Administrator", lead_owner: mailbox }), { email, ownerEmail: mailbox });
  assert.equal(read({ email, owner: mailbox, sales_rep: name }), { email, owner: name });
  assert.equal(read({ email, assignee: { name }, account_manager_email: mailbox }).ownerEmail, undefined);
  assert.equal(read({ email, owner: "Guest" }), { email });
});

reader("reads an email address in the phone's field, and a phone number in the email's", () => {
  const phone = "+49 30 2312501";
  assert.equal(read({ email: phone, phone: email }), { email, phone });
  assert.equal(read({ "Your email": "(030) 231 25 01" }), { phone: "(030) 231 25 01" });
  assert.equal(allOf("email", { mobile: "ada@home.example", email }), [email, "ada@home.example"]);
  for (const text of ["12345678", "call +49 30 2312501", "none"])
    assert.is(read({ email: text }).phone, undefined, text);
});

reader("takes company, phone and country from an address that names nobody else", () => {
  const at = { company: "Acme", phone: "030 12345", country: "DE" };
  for (const billing of [at, { ...at, first_name: "Ada" }, { ...at, first_name: "A.", email }]) {
    assert.equal(
      read({ email, first_name: "Ada", billing }),
      { email, firstName: "Ada", ...at },
      JSON.stringify(billing),
    );
  }
  for (const other of [{ last_name: "Ray" }, { first_name: "Ada", email: "bob@acme.example" }]) {
    assert.equal(read({ email, first_name: "Ada", billing: { ...at, ...other } }), { email, firstName: "Ada" });
  }
});

reader("takes an account for the lead's company only if nothing says otherwise", () => {
  const account = { id: 1, name: "Sender" };
  assert.is(read({ email, account }).company, "Sender");
  assert.is(read({ email, account, custom_attributes: { company: "Acme" } }).company, "Acme");
  assert.is(read({ event: "contact_created", email, account }).company, undefined);
});

reader("reads a list of the fields of a lead, and of one type of record", () => {
  const pair = (name: string, value: string, objectTypeId?: string) => ({ name, value, objectTypeId });
  assert.equal(read({ lead_attributes: [pair("FirstName", "Ada"), pair("Email", email)] }), {
    firstName: "Ada",
    email,
  });
  assert.equal(read({ contacts: [{ name: "Ada", value: 7 }] }), { fullName: "Ada" });
  const fields = [pair("email", email, "0-1"), pair("firstname", "Ada", "0-1"), pair("name", "Acme", "0-2")];
  assert.equal(readingOf(readLead, { fields }).unread.slice(-1), ["fields[2]"]);
  assert.equal(read({ fields }), { email, firstName: "Ada" });
});

reader("takes a meeting's guest for the lead, and not who holds it", () => {
  const [host, guest] = [
    { name: "Pat", email: "pat@our.example" },
    { name: "Ada", email },
  ];
  for (const flag of ["is_organizer", "organizer", "isHost"]) {
    assert.equal(
      read({
        attendees: [
          { ...host, [flag]: true },
          { ...guest, [flag]: false },
        ],
      }),
      { fullName: "Ada", email },
    );
  }
  assert.equal(read({ organizer: host, scheduler: guest, attendees: [host, guest] }), { fullName: "Ada", email });
});

reader("reads the answer for a company's or an owner's name in its wrapper, and a company's own object", () => {
  const answers = [
    { name: "workEmail", value: email },
    { name: "companyName", answerDetails: { textQuestionAnswer: { answer: "Acme" } } },
    { name: "owner", value: { answer: "Pat Ray" } },
  ];
  assert.equal(read({ answers }), { email, company: "Acme", owner: "Pat Ray" });
  const company = { name: "company", value: { name: "Acme", website: "acme.example" } };
  assert.equal(read({ answers: [company] }), { company: "Acme", website: "acme.example" });
});

for (const url of [
  "https://our.example/contact",
  "https://our.example/prices?utm_source=x1",
  "https://our.example/",
  "https://crm.example/leads/17.pdf",
  "https://crm.example/download/17",
]) {
  reader(`takes no link to the CRM from the url ${url}`, () => assert.is(read({ email, url }).url, undefined));
}
reader("takes a site's url for the website, unless there is one", () => {
  const url = "https://acme.example/";
  assert.equal(read({ email, url }), { email, website: url });
  const website = "https://acme.example/about";
  assert.equal(read({ email, url, website }), { email, website });
});

reader("takes a title that begins with a short name of a company for the person's", () => {
  assert.is(read({ email, company: "IT", title: "IT Manager" }).jobTitle, "IT Manager");
  assert.is(read({ email, company: "Acme", title: "Acme Manager" }).jobTitle, undefined);
});

reader("takes the person with an email address before one with a phone number, and the outer one before both", () => {
  const [ada, bob] = [
    { email, first_name: "Ada" },
    { phone: "+49 30 123456", first_name: "Bob" },
  ];
  for (const lead of [
    { customer: bob, lead: ada },
    { lead: ada, customer: bob },
  ]) {
    assert.equal(Object.entries(read(lead)).sort(), Object.entries({ email, firstName: "Ada" }).sort());
  }
  const inner = read({ lead: { contact: ada }, customer: bob });
  assert.equal([inner.firstName, inner.phone, inner.email], ["Bob", "+49 30 123456", undefined]);
});

for (const [rule, lead, expected] of [
  [
    "the lead before a stranger whose object is an outer one",
    { reviewer: { email: "rep@vendor.example", first_name: "Rep" }, data: { contact: { email, first_name: "Ada" } } },
    { email, firstName: "Ada" },
  ],
  [
    "the lead before the company's mailbox",
    { company: { name: "Acme", email: "info@acme.example" }, contact: { info: { email, first_name: "Ada" } } },
    { company: "Acme", email, firstName: "Ada" },
  ],
  [
    "no number of the company's for the person's",
    { company: { name: "Acme", phone: "+49 30 999999" }, data: { contact: { email } } },
    { company: "Acme", email },
  ],
  [
    "no page of the company's site for a record",
    { email: "a@b.example", website: "https://acme.example", url: "https://acme.example/team/7" },
    { email: "a@b.example", website: "https://acme.example" },
  ],
  ["no role of a program for a job", { email, title: "shop_manager" }, { email }],
  ["no name of a function for a job", { email, title: "submitForm" }, { email }],
  ["no flag for a value", { email, phone: true, message: true, country: false }, { email }],
  ["a better address", { email: "none of your business", contact_email: email }, { email }],
  ["a better number", { email, phone: "call me", mobile: "+49 171 1234567" }, { email, phone: "+49 171 1234567" }],
  ["a better number of people", { email, employees: "many", company_size: "50" }, { email, employees: "50" }],
  ["no unnamed number without a country code", { 1: "030 1234567", 2: email }, { email }],
  [
    "an address that is primary by a 1",
    { emails: [{ value: "a@b.example" }, { value: email, primary: 1 }] },
    { email },
  ],
] as const) {
  reader(`takes ${rule}`, () => assert.equal(read(lead), expected));
}

reader("opens a lead in twelve wrappers", () => {
  let lead: Json = { email, first_name: "Ada" };
  for (let count = 0; count < 12; count += 1) lead = { data: lead };
  assert.equal(read(lead), { email, firstName: "Ada" });
});

reader("takes the primary address first, then the one at work, and ten at most", () => {
  const [work, home] = [
    { value: "a@acme.example", type: "work" },
    { value: "b@acme.example", type: "home" },
  ];
  assert.equal(allOf("email", { emails: [work, { ...home, primary: true }] }), ["b@acme.example", "a@acme.example"]);
  assert.equal(allOf("email", { emails: [home, work] }), ["a@acme.example", "b@acme.example"]);
  const many = Array.from({ length: 12 }, (_, index) => `p${index}@acme.example`);
  assert.equal(allOf("email", { email: many }), many.slice(0, 10));
});

reader("adds a country code that stands beside a number, unless a long number begins with it", () => {
  for (const [number, expected] of [
    ["49301234", "+49 49301234"],
    ["4930123456789", "4930123456789"],
  ]) {
    assert.equal(allOf("phone", { phone: { number, country_code: "49" } }), [expected]);
  }
});

reader("takes a url that names a record as the link to the CRM", () => {
  for (const url of ["https://crm.example/leads/7", "https://crm.example/?id=7", "https://crm.example/lead_abc"]) {
    assert.is(read({ email, url, id: "lead_abc" }).url, url);
  }
});

reader("reads answers in objects, as LinkedIn sends them, and phone numbers in a part of the person's object", () => {
  const answer = (name: string, text: string) => ({ name, answerDetails: { textQuestionAnswer: { answer: text } } });
  assert.equal(read({ formResponse: { answers: [answer("firstName", "Ada"), answer("emailAddress", email)] } }), {
    firstName: "Ada",
    email,
  });
  assert.equal(read({ data: { email, merges: { EMAIL: email, PHONE: "030 12345" } } }), { email, phone: "030 12345" });
});

reader("shows the text of a choice, not its id", () => {
  const options = [{ id: "o1", text: "Pro" }];
  const choices = { question: "Which?", answer: { labels: ["A", "B"] } };
  const lead = { fields: [{ label: "Plan", value: ["o1"], options }, choices, { label: "Agreed", value: true }] };
  assert.equal(answersOf(lead), ["Plan: Pro", "Which?: A, B", "Agreed: yes"]);
});

reader("takes what objects say of the company, the address, the owner and the campaign", () => {
  const lead = {
    email,
    company: { id: 7, name: "Acme", website: "acme.example", phone: "5550100 1", address: { country: "KE" } },
    address: { country: { code: "DE", name: "Germany" }, city: "Bonn" },
    owner: { id: 3, name: "Bob", email: "bob@crm.example" },
    tracking: { utm_source: "news", utm_campaign: null },
    form: { id: 1, name: "Contact us" },
  };
  assert.equal(read(lead), {
    email,
    company: "Acme",
    website: "acme.example",
    country: "Germany",
    owner: "Bob",
    ownerEmail: "bob@crm.example",
    utmSource: "news",
  });
});

for (const [campaign, expected] of [
  [{ name: "Spring", id: "7" }, { origin: "Spring" }],
  [{ value: "Spring", content: "x" }, { origin: "Spring" }],
  [
    { name: "Spring", source: "google" },
    { utmCampaign: "Spring", utmSource: "google" },
  ],
  [
    { name: "Spring", medium: "cpc" },
    { utmCampaign: "Spring", utmMedium: "cpc" },
  ],
] as const) {
  reader(`reads the campaign ${JSON.stringify(campaign)}`, () =>
    assert.equal(read({ email, campaign }), { email, ...expected }),
  );
}

reader("does not take the name of a form, meeting or deal for the person's", () => {
  for (const lead of [
    { name: "Contact form", siteId: "s", data: { email } },
    { name: "Contact form", fields: [{ name: "email", value: email }] },
    { email, scheduled_event: { name: "30 Minute Meeting", event_memberships: [{ user_email: "rep@us.example" }] } },
    { email, type: "contact", data: { name: "File", email: "other@acme.example" } },
  ]) {
    assert.equal(read(lead), { email }, JSON.stringify(lead));
  }
  assert.is(read({ name: "Ada Byron", contact_info: { email } }).fullName, "Ada Byron");
});

for (const [field, lead] of Object.entries({
  jobTitle: [
    { title: "Mr" },
    { title: "Frau Dr." },
    { role: "lead" },
    { title: "Acme deal" },
    { title: "Contact form" },
    { title: "New submission from the website" },
    { title: "Re: pricing" },
    { title: "CTO", pipeline_id: 1 },
    { TITLE: "Form on the website", ASSIGNED_BY_ID: "1" },
    { title: "Acme: request", company: "Acme" },
  ],
  company: [
    { company: "Unknown" },
    { company: "[not provided]" },
    { company: 12345 },
    { company: "12345" },
    { company: "b8ef1c10-8c4a-4a51-8b8d-0d7b9cf0a001" },
  ],
  fullName: [
    { name: "<test lead: dummy data for full_name>" },
    { name: "Acme GmbH" },
    { name: email },
    { name: "42" },
    { name: "{{contact.name}}" },
    { name: "null" },
  ],
  owner: [{ owner: "0053t000001AAAAAA1" }, { owner: 77 }],
  url: [{ url: "https://acme.example" }, { url: "https://www.acme.example/about" }, { url: "/services/data/1" }],
  country: [{ country_code: "+49" }],
  origin: [{ source: 8 }],
})) {
  for (const one of lead) {
    reader(`takes no ${field} from ${JSON.stringify(one)}`, () => {
      assert.is(read({ email, ...one })[field], undefined);
    });
  }
}

reader("takes a company's site in a field `url` as the website", () => {
  assert.is(read({ email, url: "https://acme.example" }).website, "https://acme.example");
  const record = "https://crm.example/leads/1";
  assert.equal(read({ email, url: record, website: "acme.example" }), { email, url: record, website: "acme.example" });
});

reader("prefers the first alias of a field, and one that has a value", () => {
  assert.equal(read({ mobile: "22222", phone: "11111" }), { phone: "11111" });
  assert.equal(read({ phone: "  ", mobile: "22222" }), { phone: "22222" });
  assert.equal(read({ company: "n/a", account_name: "Acme" }), { company: "Acme" });
});

reader("gives all email addresses and phone numbers of the person, the primary first", () => {
  const [home, work] = ["home@acme.example", "work@acme.example"];
  const emails = [
    { value: home, primary: false },
    { value: work, primary: true },
  ];
  assert.equal(allOf("email", { contact: { name: "Ada", emails } }), [work, home]);
  assert.equal(allOf("email", { email: work, secondary_email: home, owner_email: "bob@crm.example" }), [work, home]);
  assert.equal(allOf("email", { email: work, emails: [work.toUpperCase(), home] }), [work, home]);
  assert.equal(allOf("phone", { phones: { mobile: "+49 171 1", work: "+49 30 22" } }), ["+49 171 1", "+49 30 22"]);
  assert.equal(allOf("email", { email: `${work}; ${home}` }), [`${work}; ${home}`], "a text is not split");
});

reader("prefers the values at work to others that are not primary", () => {
  const emails = [
    { email: "home@ada.example", category: "personal" },
    { email: "ada@acme.example", category: "Work" },
    { email: "old@ada.example", category: "other" },
  ];
  assert.equal(allOf("email", { name: "Ada", emails }), ["ada@acme.example", "home@ada.example", "old@ada.example"]);
});

reader("takes an item's name for the question if a person wrote it", () => {
  const fields = {
    1: { name: "E-Mail", value: "ada@acme.example", type: "email" },
    2: { name: "Wie groß ist Ihr Projekt?", value: "sehr", type: "select" },
    3: { name: "internal_flag", value: "7", type: "hidden" },
  };
  const { answers, unread } = readingOf(readLead, { fields });
  assert.equal([answersIn({ answers }), unread], [[["Wie groß ist Ihr Projekt?", "sehr"]], ["fields.3.value"]]);
});

reader("takes neither of two different values with the same right, and warns", () => {
  const { fields, unread, warnings } = readingOf(readLead, { email, company: "Acme", organization: "Beta" });
  assert.equal(
    [Object.keys(fields), unread, warnings],
    [["email"], ["company", "organization"], ["company: two readings"]],
  );
  assert.equal(read({ email, company: "Acme", organization: " ACME" }), { email, company: "Acme" });
  const countries = [{ country: "DE" }, { country: "KE", primary: true }];
  assert.equal(read({ email, addresses: countries.slice(0, 1) }), { email, country: "DE" });
  assert.equal(readingOf(readLead, { email, country: ["DE", "KE"] }).warnings, ["country: two readings"]);
});

reader("reads the primary or first one of several contacts, and says so", () => {
  const contacts = [
    { name: "Ada", email },
    { name: "Bob", email: "bob@acme.example", primary: true },
  ];
  const { warnings } = readingOf(readLead, { contacts });
  assert.equal(
    [read({ contacts }), warnings],
    [{ fullName: "Bob", email: "bob@acme.example" }, ["name: one of several people"]],
  );
  assert.is(read({ contacts: contacts.slice(0, 1) }).fullName, "Ada");
});

reader("reads no lead from a list of several leads, because one id has one lead", () => {
  assert.equal(read({ type: "t", data: [{ email }, { email }] }), {});
});

reader("keeps the questions of people as answers, within bounds, and counts what is not read", () => {
  const lead = { email, "What is your budget?": "9 k", Téléviseur: 2, hs_score: 7, form_id: "f", "User Agent": "x" };
  assert.equal(answersOf(lead), ["What is your budget?: 9 k", "Téléviseur: 2"]);
  assert.equal(readingOf(readLead, lead).unread, ["hs_score"]);
  const many = Object.fromEntries(
    Array.from({ length: 25 }, (_, index) => [`q ${index} ${"x".repeat(200)}`, "y".repeat(2000)]),
  );
  const { answers, unread } = readingOf(readLead, many);
  assert.equal(
    [answers.length, answers[0]?.label.length, answers[0]?.answer.length, unread.length],
    [20, 150, 1000, 5],
  );
});

reader("keeps a question that has no right to its field as an answer", () => {
  const lead = { email, message: "Hello", "Any comments?": "x", "Your comments": "None of it" };
  assert.equal([read(lead).message, answersOf(lead)], ["Hello", ["Any comments?: x", "Your comments: None of it"]]);
});

reader("does not look beyond a text's limit, nor at the prototype", () => {
  assert.equal(read({ [`${"-".repeat(144)}e-mail`]: email }), { email });
  assert.equal(read({ [`${"-".repeat(145)}e-mail`]: email }), {});
  assert.is(read({ message: "x".repeat(200_000) }).message?.length, maxTextLength);
  assert.equal(read(Object.create({ email })), {});
  assert.equal(read(JSON.parse('{"__proto__":{"a":1},"constructor":"x","toString":1}')), {});
});

reader("says where each field was found", () => {
  const lead = { event: { data: { contacts: [{ emails: [{ email }] }], "First\nName": "Ada" } } };
  const paths = Object.values(readingOf(readLead, lead).fields).map(([found]) => found?.path);
  assert.equal(paths, ["event.data.contacts[0].emails[0].email", "event.data.First Name"]);
});

reader("fills the environment's own fields first, by name, label or path, and gives other names as answers", () => {
  const lead = {
    email,
    message: "Hello",
    form: { how_can_we_help: "Call me" },
    Custom_Budget__c: 9,
    answers: [{ name: "Seats?", value: "5" }],
  };
  const fields = {
    message: "form.how_can_we_help",
    budget: "Custom_Budget__c",
    employees: "answers[].value",
    absent: "x.y",
  };
  const { fields: found, answers } = readingOf(readLead, lead, fields);
  assert.equal([found.message?.[0].text, found.employees?.[0].text], ["Call me", "5"]);
  assert.equal(
    answers.map(({ label, answer }) => `${label}: ${answer}`),
    ["budget: 9"],
  );
  assert.is(textsIn(readingOf(readLead, lead, { employees: "Seats?" })).employees, "5");
});

reader("follows a source's rules for paths without indices, before any name", () => {
  const readCrm = readerWith({
    at: { "data.display_name": "company", "data.people[].what": "jobTitle", meta: "ignored", "data.org": "company" },
  });
  const answers = [{ name: "email", value: email }];
  const lead = {
    data: { display_name: "Acme", people: [{ what: "CTO" }], answers },
    meta: { email: "x@y.example", a: 1 },
  };
  const { unread } = readingOf(readCrm, lead);
  assert.equal([textsIn(readingOf(readCrm, lead)), unread], [{ company: "Acme", jobTitle: "CTO", email }, []]);
  assert.equal(textsIn(readingOf(readCrm, { data: { org: { name: "Acme" } } })), { company: "Acme" });
});

for (const [what, text] of Object.entries(hostileLeads)) {
  reader(`reads a lead of ${what}, and takes no more than a lead can have`, () => {
    const { fields, answers } = readingOf(readLead, JSON.parse(text(largestBody)));
    assert.ok(Object.values(fields).every((found) => found.length <= 10));
    assert.ok(answers.length <= 20);
  });
}

reader.run();
