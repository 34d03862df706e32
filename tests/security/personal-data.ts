/** Somebody whose lead is sent, and how it is sent. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  /** The phone number as it is stored. */
  readonly e164: string;
  readonly lead: Readonly<Record<string, unknown>>;
  /** The name of the file that holds the lead. */
  readonly file: string;
}

type Write = (person: Omit<Person, "lead" | "file">) => Pick<Person, "lead"> & Partial<Pick<Person, "file">>;

function person(name: string, email: string, phone: string, e164: string, write: Write): Person {
  const known = { name, email, phone, e164 };
  return { ...known, file: name, ...write(known) };
}

const plain: Write = ({ name, email, phone }) => ({ lead: { name, email, phone } });

/** People who stand in no other test. */
export const ordinary: readonly Person[] = [
  person(
    "Wilhelmina Quastenberg",
    "Wilhelmina.Quastenberg@Quastenberg.Example",
    "+49 (30) 8877-6655",
    "+493088776655",
    plain,
  ),
  person("نور الزهراني", "zahrani-nur@example.net", "+966 50 123 9876", "+966501239876", plain),
  person("JÖRG ÄPFELSTÄDT", "joerg.aepfelstaedt@example.org", "001 212 555 7319", "+12125557319", plain),
];

/** Their names are the names of files; one file is called like a lead's id. */
export const inFiles: readonly Person[] = [
  person("Bartholomew Zyxwell", "zyxwell@example.org", "+44 20 7946 0958", "+442079460958", plain),
  person("Ottilie Krummacher", "ottilie@krummacher.example", "+41 44 668 18 00", "+41446681800", (known) => ({
    ...plain(known),
    file: "ottilie-krummacher-d41d8cd98f00b204e9800998ecf8427e",
  })),
];

/** Their data stands in names of fields and deep in the JSON. */
export const inOddFields: readonly Person[] = [
  person(
    "Ernesta Vollbrecht",
    "vollbrecht@example.org",
    "+33 1 42 68 53 00",
    "+33142685300",
    ({ name, email, phone }) => ({
      lead: {
        email,
        [name]: phone,
        [`${email} `]: { [phone]: [{ deep: { name } }] },
        url: `https://crm.example.com/${name}`,
      },
    }),
  ),
];

/** Their leads can never pass, and what they tell instead of a contact is personal all the same. */
export const withoutContact: readonly Person[] = [
  person("Kunigunde Pfefferkorn", "kunigunde(at)pfefferkorn.example", "030-call-9988771", "+49309988771", plain),
  person("Leopoldine Ziegenhals", "ziegenhals@@example..org", "phone: 00", "+49309988772", ({ name, email }) => ({
    lead: { [email]: name, notes: `${name}, ${email}` },
  })),
  person("Theophil Wackernagel", "wackernagel", "+", "+49309988773", plain),
];

/** Their CRM calls its events by their addresses. */
export const inEventIds: readonly Person[] = [
  person("Hildegunde Morgenroth", "hildegunde.morgenroth@example.org", "+43 1 5336 0990", "+43153360990", plain),
];

export const everybody = [...ordinary, ...inFiles, ...inOddFields, ...withoutContact, ...inEventIds];

const shortest = 6;

/** The ways in which a text could come out again, in lower case. */
function formsOf(text: string): string[] {
  const escaped = JSON.stringify(text.replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`));
  return [
    text,
    text.normalize("NFD"),
    encodeURIComponent(text),
    escaped.slice(1, -1).replaceAll("\\\\", "\\"),
    Buffer.from(text).toString("base64").replace(/=+$/, ""),
  ].map((form) => form.toLowerCase());
}

/** Every form of a person's names, address and number. */
export function personalForms({ name, email, phone, e164 }: Person): string[] {
  const parts = [name, ...name.split(" "), email, email.split("@")[0] ?? "", phone, e164, e164.slice(1)];
  return [...new Set(parts.filter((part) => part.length >= shortest).flatMap(formsOf))];
}
