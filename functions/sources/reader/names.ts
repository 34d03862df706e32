import { type FieldName, fieldNames } from "../reading.ts";

/** What a value is: a field; `answer`, a form's usual question; `technical`, which is read and has nothing to show. */
export type Meaning = FieldName | "answer" | "technical";

/**
 * What an object is about. It says what the names in it mean. A party is somebody else than the lead,
 * with all that is theirs, and so is who trades beside a lead. Alone, such as a partner who signs up, they can be the lead.
 */
export type Scope =
  | "person"
  | "neutral"
  | "user"
  | "company"
  | "address"
  | "owner"
  | "utm"
  | "page"
  | "party"
  | "trade"
  | "other";

/** The name of a value, as far as the tables below know it. */
export interface Name {
  /** Without separators and accents, in lower case. */
  readonly folded: string;
  readonly meaning?: Meaning;
  /** The lowest is the best name of a field. */
  readonly rank: number;
  /** Whether the name means the field only beside an email address or phone number. */
  readonly isVague: boolean;
  /** What an object of the name is about; undefined when the name says nothing. */
  readonly scope?: Scope;
}

/**
 * The names under which CRMs and forms send a field, without separators and accents, the best first: of two values under names
 * of one row, none is better. Languages: English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Swedish, Danish,
 * Norwegian, Finnish, Czech, Turkish, Russian, Ukrainian, Greek, Japanese, Chinese, Korean, Arabic, Hebrew, Hindi,
 * Hungarian, Romanian, Indonesian, Vietnamese.
 */
const names: { readonly [Name in Meaning]: readonly string[] } = {
  crmId: [
    "id",
    "leadid crmid recordid",
    "contactid personid prospectid",
    "hsobjectid objectid vid leadgenid submissionid",
  ],
  url: ["crmurl crmlink recordurl recordlink leadurl leadlink contacturl profileurl htmlurl", "url link"],
  fullName: [
    "fullname completename firstlastname namesurname nameandlastname contactname leadname personname yourname firstandlastname firstandsurname wieheissensie wieistihrname vollstandigername vorundnachname vornamenachname vornameundnachname nomcomplet nometprenom nomprenom prenometnom prenomnom nombrecompleto nombreyapellido nombreyapellidos nombreapellidos nomecompleto nomeesobrenome nomecognome nomeecognome volledigenaam voorenachternaam imieinazwisko fullstandigtnamn foroochefternamn fuldenavn fulltnavn kokonimi celejmeno jmenoaprijmeni adsoyad adsoyadi adisoyadi adinizsoyadiniz isimsoyisim фио полноеимя повнеімя ονοματεπωνυμο 氏名 お名前 姓名 성명 성함 الاسمالكامل שםמלא पूरानाम teljesnev numecomplet numesiprenume hovaten namalengkap",
    "name nom nombre nome naam navn namn nimi jmeno isim имя імя ονομα 名前 名字 이름 الاسم שם नाम names nev nume nama customername clientname contactperson ansprechpartner contactpersoon personadecontacto",
    "displayname screenname",
  ],
  firstName: [
    "firstname first namefirst fname givenname forename vorname prenom nombres primernombre nombredepila primeironome nomeproprio voornaam imie fornamn fornavn etunimi krestnijmeno adi adiniz keresztnev utonev prenume 名 الاسمالأول שםפרטי पहलानाम",
  ],
  lastName: [
    "lastname last namelast lname surname familyname nachname familienname zuname nomdefamille apellido apellidos sobrenome apelido ultimonome cognome achternaam nazwisko efternamn etternavn efternavn sukunimi prijmeni soyad soyadi soyadiniz soyisim фамилия прізвище επωνυμο επιθετο vezeteknev csaladnev 姓 성 اسمالعائلة שםמשפחה उपनाम",
    "secondname",
  ],
  email: [
    "email emailaddress emailid emailfrom mail emailadresse mailadresse adresseemail adressemail adresseelectronique courriel correo correoelectronico direcciondecorreo enderecodeemail indirizzoemail postaelettronica emailadres adresemail epost epostadress epostadresse sahkoposti sahkopostiosoite emailovaadresa emailcim adresadeemail alamatemail eposta epostaadresi электроннаяпочта адресэлектроннойпочты почта електроннапошта ηλεκτρονικηδιευθυνση メール メールアドレス eメール 邮箱 邮箱地址 电子邮件 电子邮箱 郵箱 電子郵件 이메일 이메일주소 البريدالإلكتروني البريدالالكتروني אימייל דואל דואראלקטרוני ईमेल",
    "secondaryemail secondaryemailaddress alternateemailaddress alternateemail alternativeemail otheremail additionalemail emails emailaddresses",
    "",
    "",
    "companyemail organizationemail contact replyto",
    "senderemail fromemail",
  ],
  phone: [
    "phone phonenumber phoneno contactno phonewhatsapp telephone telephonenumber tel telno telnr contactnumber telefon telefonnummer rufnummer numerodetelephone telefono numerodetelefono telefone numerodetelefone numeroditelefono telefoonnummer telefoon numertelefonu numerodecontacto telefonodecontacto puhelin puhelinnumero telefonicislo telefonnumarasi telefonnr telefonszam numardetelefon sodienthoai dienthoai nomortelepon telepon тел телефон номертелефона номертелефону контактныителефон τηλεφωνο τηλεφωνοεπικοινωνιας 電話 電話番号 电话 电话号码 联系电话 電話號碼 전화 전화번호 연락처 الهاتف رقمالهاتف טלפון מספרטלפון फोन फोननंबर फ़ोन फ़ोननंबर",
    "mobile mobileno cellno telefonmobil mobilephone mobilephones mobilenumber mobilephonenumber cell cellphone cellphonenumber cellnumber handy handynummer mobil mobilnummer mobiltelefon portable telephoneportable movil celular telefonomovil telemovel cellulare mobiel gsm komorka matkapuhelin ceptelefonu whatsapp whatsappnumber celularwhatsapp رقمالجوال мобильныителефон мобільнийтелефон mobilnr mobilszam numerodicellulare nohp nomorhp κινητο 手机 手机号 手机号码 携帯 携帯電話 휴대폰 휴대폰번호 휴대전화 الجوال נייד מספרנייד मोबाइल",
    "worknumber officenumber directphone directdial phonework phonemobile phonehome phoneoffice otherphone secondaryphone alternatephone textremindernumber phones phonenumbers telephones officephone",
    "",
    "companyphone organizationphone",
  ],
  company: [
    "company companyname organization organizationname organisation organisationname orgname firma firmenname unternehmen unternehmensname entreprise nomdelentreprise societe nomdelasociete raisonsociale empresa nombredelaempresa nombreempresa compania organizacion nomedaempresa azienda nomeazienda nomeaziendale societa ragionesociale bedrijf bedrijfsnaam organisatie nazwafirmy foretag foretagsnamn virksomhed virksomhedsnavn firmanavn bedrift yritys spolecnost nazevfirmy nazevspolecnosti yrityksennimi virksomhedensnavn naambedrijf ceg cegnev companie companyyouworkfor congty tencongty perusahaan namaperusahaan sirket sirketadi компания названиекомпании организация названиеорганизации компанія назвакомпанії εταιρεια επωνυμιαεταιρειας 会社 会社名 御社名 貴社名 公司 公司名称 企业名称 公司名稱 회사 회사명 الشركة اسمالشركة חברה שםהחברה कंपनी",
    "account accountname salesaccountname companytitle business businessname employer employername workplace institution institutionname companyorganization organizationcompany companyororganization companies organizations partnername",
  ],
  website: [
    "website websiteurl websiteaddress webaddress homepage webpage companywebsite companyurl webseite internetseite siteweb siteinternet sitioweb paginaweb sitoweb stronainternetowa stronawww webbplats hjemmeside nettside verkkosivusto webovestranky websitesi саит вебсаит ιστοσελιδα ウェブサイト 网站 網站 官网 웹사이트 홈페이지 الموقعالإلكتروني אתר वेबसाइट websites",
    "companydomain domain weburl",
  ],
  employees: [
    "employees numberofemployees howmanyemployees howmanyemployeesdoyouhave howmanyemployeesdoesyourcompanyhave howmanypeopleworkatyourcompany noofemployees numemployees numberemployees employeecount employeesrange employeenumber estimatednumemployees companysize companysizerange companyemployees teamsize headcount staffcount mitarbeiter mitarbeiterzahl mitarbeiteranzahl anzahlmitarbeiter anzahldermitarbeiter unternehmensgrosse wievielemitarbeiter wievielemitarbeiterhatihrunternehmen nombredemployes nombredesalaries effectif effectifs combiendesalaries tailledelentreprise numerodeempleados empleados cuantosempleadostiene tamanodelaempresa numerodefuncionarios funcionarios quantosfuncionarios tamanhodaempresa numerodipendenti numerodidipendenti dipendenti aantalmedewerkers aantalwerknemers liczbapracownikow antalanstallda antalansatte antallansatte henkilostomaara pocetzamestnancu calisansayisi количествосотрудников числосотрудников кількістьспівробітників αριθμοςεργαζομενων 従業員数 社員数 员工人数 公司规模 员工数量 직원수 عددالموظفين מספרעובדים कर्मचारियोंकीसंख्या",
  ],
  country: [
    "country countryname countrylist countryregion countryorregion countryofresidence land pais pays paese nazione kraj maa zeme ulke страна країна χωρα 国 orszag tara negara quocgia 国名 国地域 国家 所在国家 國家 국가 나라 البلد الدولة ארץ מדינה देश mailingcountry addresscountry postaladdresscountry postaladdresscountry",
    "countrycode countryiso isocountry isocountrycode countryiso2",
  ],
  jobTitle: [
    "jobtitle jobtitlerole jobtitleposition jobrole jobposition jobfunction occupation profession designation berufsbezeichnung funktion fonction poste intituleduposte puesto cargo profesion posizione ruolo qualifica functie functietitel stanowisko befattning jobbtitel stilling stillingsbetegnelse tyonimike pozice gorev unvan gorevi beosztas titteli pracovnipozice jabatan должность посада θεση 役職 役職名 职位 职务 職稱 职务 직책 직급 직위 المسمىالوظيفي المنصب תפקיד पद",
    "title role position titel job function",
  ],
  message: [
    "message messages yourmessage nachricht mitteilung anliegen mensaje mensagem messaggio bericht wiadomosc meddelande besked melding viesti zprava mesaj mesajiniz uzenet pesan сообщение повідомлення μηνυμα メッセージ お問い合わせ内容 留言 留言内容 消息 메시지 문의내용 الرسالة رسالة הודעה संदेश",
    "comments comment commentormessage inquiry enquiry howcanwehelp howcanwehelpyou howmaywehelp howmaywehelpyou questions questionsorcomments commentsorquestions kommentar bemerkung bemerkungen anfrage commentaire commentaires comentarios comentario commenti opmerking opmerkingen uwagi kommentarer комментарии комментарий additionalinformation additionalcomments pleaseshareanythingthatwillhelpprepareforourmeeting",
    "notes note description",
  ],
  origin: [
    "origin leadsource leadsourcename leadorigin trafficsource originalsource herkunft",
    "source",
    "howdidyouhearaboutus howdidyouhear howdidyoufindus wiehabensievonunserfahren",
    "hsanalyticssource",
    "campaign campaignname kampagne campagne campana",
  ],
  owner: [
    "owner ownername leadowner leadownername contactowner contactownername recordowner accountowner dealowner assignedto assignee assigneename assignedtoname salesrep salesrepname salesowner accountmanager accountexecutive hubspotownername assignedusername",
  ],
  ownerEmail: [
    "owneremail leadowneremail contactowneremail assigneeemail assignedtoemail salesrepemail owneremailaddress",
  ],
  utmSource: ["utmsource"],
  utmMedium: ["utmmedium"],
  utmCampaign: ["utmcampaign utmcampaignname"],
  utmTerm: ["utmterm"],
  utmContent: ["utmcontent"],
  landingPage: [
    "landingpage landingpageurl landingurl entrypage",
    "pageurl pageuri formurl permalink",
    "hsanalyticsfirsturl firstpageseen conversionpage submissionurl sourceurl originalurl page",
  ],
  consent: [
    "consent consentgiven gdpr gdprconsent dsgvo marketingconsent consentmarketing privacyconsent optin emailoptin marketingoptin newsletteroptin privacypolicy acceptprivacypolicy acceptterms acceptance termsaccepted agreetoterms datenschutz einwilligung consentement rgpd consentimiento consentimento consenso toestemming zgoda samtycke samtykke suostumus souhlas согласие 同意",
  ],
  language: [
    "language lang languagecode preferredlanguage hslanguage sprache langue idioma lingua taal jezyk sprak sprog kieli jazyk dil язык мова γλωσσα 言語 语言 語言 언어 اللغة שפה भाषा",
    "locale browserlanguage",
  ],
  answer: [
    "subject betreff asunto objet assunto oggetto onderwerp temat amne emne aihe predmet konu тема θεμα 件名 主题 主題 제목",
  ],
  technical: [
    "useragent browser remoteip ip ipaddress clientip poweredby formid formname formtitle username leadtitle dealtitle dealname pagetitle date time timestamp createdat createdtime createdon created updatedat updatedtime updated modifiedat submittedat submittedon submissiondate eventid salutation anrede civilite datasource honorific nameprefix namesuffix middlename confirmemail confirmyouremail confirmyouremailaddress reenteremail emailagain emailconfirm emailconfirmation confirmemailaddress repeatemail verifyemail emailrepeat referrer referer",
  ],
};

/** Names that mean a field only in a person's own object. Elsewhere they name a form, a meeting, an event. */
const vague = new Set(
  "id url link name nev nume nama nom nombre nome naam navn namn nimi jmeno isim имя імя 이름 ονομα 名前 名字 title role position titel job function names message messages comment note notes description source campaign site website websiteurl homepage domain account business page origin owner date time".split(
    " ",
  ),
);

/** Words around a field's name that do not change what it means. */
const before = new Set(
  "your my the a an and of contact contacts lead prospect visitor invitee registrant respondent submitter requester subscriber applicant customer client person user primary main work business office home personal private professional corporate preferred current best field fields question custom input text wpforms gform cf nf et pb q c mx what which please enter provide give us tell in full latest mailing address hs properties data payload attributes merges merge traits l d le la les el los il lo de der die das ihr ihre ihren dein deine mein meine votre vos ton ta mon tu su sus seu sua vostro vostra tuo tua geschaftliche geschaftlicher berufliche dienstliche zakelijk zakelijke uw je jouw twoj twoja din ditt dit er deres ваш ваша ваше ваши ご お 您的 你的".split(
    " ",
  ),
);
const after = new Set(
  "c field fields input value text here required optional please work professional corporate corporativo profissional profesional professionnel geschaftlich beruflich laboral aziendale zakelijk sluzbowy 必須 任意 必填 pflichtfeld obligatoire obligatorio".split(
    " ",
  ),
);
/** How a question for a field begins and ends. */
const asked =
  /^(?:what (?:is|s|are) |(?:in )?which |quel(?:le)? est |wie (?:lautet|ist) |qual e |cual es |wat is |no label )|(?: (?:are you (?:based |located )?in|are you from|do you (?:live|work|operate) (?:in|for|at)|to (?:reach|contact) you(?: at| on)?|where you are based|(?:should|can) we (?:use|reach you (?:at|on))|(?:with|including|incl) (?:the )?country code|if (?:applicable|any)))$/g;

const scopes: { readonly [Name in Scope]: string } = {
  person:
    "contact contacts person persons people lead leads customer client prospect invitee scheduler booker respondent submitter applicant traits guest attendee attendees invitees guests registrant subscriber buyer patient donor candidate profile requester visitor kontakt contactinfo contactdetails contactdata personid contactid",
  neutral:
    "data payload properties attributes fields fielddata body formresponse response responses submission submissions answers answer questionsandanswers questions values value details detail info information record records object current event events result results input inputs inputparameters target request rawrequest entry entries content namedvalues custom customfields customattributes params parameters query items item row hidden hiddenfields leaddata formdata formfields formvalues formanswers formsubmission enquiry inquiry usercolumndata columndata mergefields merges sobject variables",
  user: "user users member author sender form forms",
  company:
    "company companies organization organizations organisation org orgid organizationid account accounts salesaccounts employer business firma unternehmen",
  address: "address addresses location billing billingaddress mailingaddress postaladdress adresse",
  owner: "owner ownerid assignee assignedto salesrep accountmanager leadowner contactowner",
  utm: "utm utms utmparameters utmparams utmdata tracking attribution campaign trackingparameters",
  page: "page pageinfo landingpage",
  party:
    "manager agent doctor recruiter inviter host organizer creator createdby updatedby modifiedby creatoruserid referrer referredby referralcontact spouse emergencycontact",
  trade:
    "agency broker dealer reseller partner vendor seller merchant supplier provider operator beneficiary landlord guardian affiliate payer recipient",
  other:
    "scheduledevent formdefinition definition schema product products meeting eventtype deal deals opportunity pipeline stage list lists tag tags meta metadata context team integration ad adset workflow referral parent device library app os browser previous old prior before history activity activities timeline links embedded template campaigninfo webhook webhookmeta geo geoip geolocation ip ipinfo session visit shipping shippingaddress deliveryaddress",
};

/** What an object is about whose name has other words before it than the usual ones and these. */
const othersOf: { readonly [Name in Scope]?: { readonly scope: Scope; readonly ofLead: ReadonlySet<string> } } = {
  person: { scope: "user", ofLead: new Set() },
  company: { scope: "other", ofLead: new Set(["associated", "default", "linked", "sales"]) },
  owner: { scope: "other", ofLead: new Set(["deal", "opportunity", "record", "account", "sales"]) },
  address: {
    scope: "other",
    ofLead: new Set(
      "default billing postal street physical invoice company headquarters hq registered legal permanent residential".split(
        " ",
      ),
    ),
  },
};

const letters: Readonly<Record<string, string>> = { ł: "l", ø: "o", ß: "ss", æ: "ae", œ: "oe", đ: "d", ı: "i" };

/** The words of a name, in lower case, without accents of Latin, Greek and Cyrillic letters: `emailAddress1` has three. */
export const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/(\p{Ll})(?=\p{Lu})/gu, "$1 ")
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/[łøßæœđı]/g, (letter) => letters[letter] ?? letter)
    .match(/[\p{L}\p{M}]+|\p{N}+/gu) ?? [];

const byName = new Map(
  Object.entries(names).flatMap(([meaning, rows]) =>
    rows.flatMap((row, rank) =>
      row
        .split(" ")
        .filter(Boolean)
        .map((name) => [name, { meaning: meaning as Meaning, rank, isVague: vague.has(name) }] as const),
    ),
  ),
);
const byScope = new Map(
  Object.entries(scopes).flatMap(([scope, row]) => row.split(" ").map((name) => [name, scope as Scope] as const)),
);

const fields: ReadonlySet<string> = new Set(fieldNames);

/** Whether a meaning, or what a rule says a value is, is a field that Leadwire knows. */
export const isField = (meaning: string | undefined): meaning is FieldName =>
  meaning !== undefined && fields.has(meaning);

/** The rank from which a name says little. It counts only if there is no other one. */
export const weakRank = 40;
/** The rank of an email address or phone number that only the type of its input says. It counts only if there is none with a name. */
export const typedRank = 30;

/** A longer name is not looked at. */
const maxNameLength = 150;
/** Words of a name. A question with more is not the name of a field. */
const maxWords = 12;
/** Names that are kept. A sender has a few dozen; a hostile one has new ones in every lead. */
const maxKept = 2000;
const kept = new Map<string, Name>();
const unknown: Name = { folded: "", rank: 0, isVague: false };

/** What a name says about its value. */
export function nameOf(name: string): Name {
  const known = kept.get(name);
  if (known) return known;
  if (name.length > maxNameLength) return unknown;
  if (kept.size >= maxKept) kept.clear();
  const read = readName(name);
  kept.set(name, read);
  return read;
}

function readName(name: string): Name {
  const words = wordsOf(name.replace(/^(?:您的|你的|ご|お(?!名前|問))/, ""));
  const folded = words.join("");
  const exact = byName.get(folded);
  const found = exact ? { ...exact, rank: exact.rank * 10 } : (withoutAffixes(words) ?? inTwoLanguages(name));
  const scope = byScope.get(folded) ?? (found && found.rank < weakRank ? undefined : scopeOf(words));
  return { folded, rank: 0, isVague: false, ...found, ...(scope && { scope }) };
}

/** What an object named with several words is about: the last word says it, or the first in a name such as `ownerInfo`. */
function scopeOf(words: readonly string[]): Scope | undefined {
  const [first = "", last = ""] = [words[0], words.at(-1)];
  const scope = byScope.get(last);
  if (scope === "neutral") return byScope.get(first) ?? scope;
  // A billing contact is another person, a previous company another company, and a site's owner not the lead's.
  const others = scope && othersOf[scope];
  const isLeads = (word: string) => before.has(word) || isDigits(word) || others?.ofLead.has(word);
  return others && !words.slice(0, -1).every(isLeads) ? others.scope : scope;
}

/** The field that every part of a name such as `Email / Courriel` means. */
function inTwoLanguages(name: string): Pick<Name, "meaning" | "rank" | "isVague"> | undefined {
  const parts = name.split(/[/|]/);
  if (parts.length < 2) return undefined;
  const [first, ...others] = parts.map(nameOf);
  const isOne = first?.meaning && others.every(({ meaning }) => meaning === first.meaning);
  return isOne ? { meaning: first.meaning, rank: first.rank, isVague: first.isVague } : undefined;
}

const isDigits = (word: string) => /^\p{N}+$/u.test(word);

/** A preferred address is the person's, a preferred country is not where the person is, a business owner not the lead's, and a consent's text no answer. */
const wished = new Set(["preferred", "best", "private"]);
const ofWished: ReadonlySet<Meaning> = new Set(["email", "phone", "fullName", "firstName", "lastName", "language"]);
const owned = new Set("business home work office corporate private".split(" "));
const saysElse = (word: string, meaning: Meaning) =>
  meaning === "owner"
    ? owned.has(word)
    : meaning === "consent"
      ? word === "text"
      : wished.has(word) && !ofWished.has(meaning);

/** `contact_2_email` is another person's, and `email_2` is not. */
const isOfSecondPerson = (words: readonly string[]) =>
  words.some(
    (word, index) =>
      index > 0 && Number(word) > 1 && /^(?:person|user)$/.test(byScope.get(words[index - 1] ?? "") ?? ""),
  );

/** The field that a name means without words such as `your` before it and `required` after it: the fewer, the better. */
function withoutAffixes(all: readonly string[]): Pick<Name, "meaning" | "rank" | "isVague"> | undefined {
  if (all.length > maxWords || isOfSecondPerson(all)) return undefined;
  const words = all.join(" ").replace(asked, "").split(" ");
  const first = words.findIndex((word) => !before.has(word) && !isDigits(word));
  const leading = first === -1 ? words.length - 1 : first;
  const trailing = words.length - 1 - words.findLastIndex((word) => !after.has(word) && !isDigits(word));
  for (let without = 0; without <= leading + trailing; without += 1) {
    for (let start = Math.max(0, without - trailing); start <= Math.min(leading, without); start += 1) {
      const folded = words.slice(start, words.length - (without - start)).join("");
      const known = byName.get(folded);
      // Whose id it is, or the date and time of what, is said by the other words.
      const isOfOthers = folded === "id" || (known?.meaning === "technical" && known.isVague);
      // A user can be somebody of the sender's.
      const ofUser = words.slice(0, start).includes("user") ? weakRank : 0;
      const around = [...words.slice(0, start), ...words.slice(words.length - (without - start))];
      const isElse = known && around.some((word) => saysElse(word, known.meaning));
      if (known && !isOfOthers && !isElse)
        return { ...known, rank: known.rank * 10 + Math.min(without + 1, 9) + ofUser };
    }
  }
  return undefined;
}
