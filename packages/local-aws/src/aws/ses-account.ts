import { ServiceError } from "./service-error.ts";
import { accountReasons, type SesSettings } from "./ses-settings.ts";

/** Why SES no longer sends to an address. */
export interface Suppressed {
  readonly reason: string;
  readonly since: Date;
}

type Parameters = Readonly<Record<string, unknown>>;
type Operation = (parameters: Parameters) => unknown;

/** What is in SES beside mails: the account, its identities and its suppression list, which is empty at the start. */
export class SesAccount {
  readonly suppressed = new Map<string, Suppressed>();
  /** Recipients of accepted messages. */
  sent = 0;
  #details: Parameters | undefined;
  readonly #settings: SesSettings;

  constructor(settings: SesSettings) {
    this.#settings = settings;
  }

  /** @throws ServiceError as SES answers; undefined for an operation that is not the account's */
  answer(operation: string, parameters: Parameters): unknown {
    return this.#operations[operation]?.(parameters);
  }

  readonly #operations: Readonly<Record<string, Operation>> = {
    GetAccount: () => {
      const { sandbox } = this.#settings;
      return {
        ProductionAccessEnabled: !sandbox,
        SendingEnabled: true,
        EnforcementStatus: "HEALTHY",
        DedicatedIpAutoWarmupEnabled: false,
        SendQuota: {
          Max24HourSend: sandbox ? 200 : 50_000,
          MaxSendRate: sandbox ? 1 : 14,
          SentLast24Hours: this.sent,
        },
        SuppressionAttributes: { SuppressedReasons: accountReasons },
        ...(this.#details && { Details: this.#details }),
      };
    },
    PutAccountDetails: ({ ProductionAccessEnabled: _, ...details }) => {
      if (this.#details) throw new ServiceError(409, "ConflictException", "A review of the account is under way.");
      if (!details.MailType || !details.WebsiteURL) {
        throw new ServiceError(400, "BadRequestException", "MailType and WebsiteURL are required.");
      }
      this.#details = { ...details, ReviewDetails: { Status: "PENDING", CaseId: "local-1" } };
      return {};
    },
    GetConfigurationSet: ({ ConfigurationSetName: name }) => {
      const known = this.#settings.configurationSets.find((set) => set.name === name);
      if (!known) throw notFound(`Configuration set <${name}> does not exist.`);
      const SuppressionOptions = { SuppressedReasons: known.suppressedReasons };
      return { ConfigurationSetName: name, SendingOptions: { SendingEnabled: true }, SuppressionOptions };
    },
    GetEmailIdentity: ({ EmailIdentity }) => {
      const identity = this.#settings.identities.find((known) => known === EmailIdentity);
      if (identity === undefined) throw notFound(`Email identity ${EmailIdentity} does not exist.`);
      const isDomain = !identity.includes("@");
      const mailFrom = this.#settings.mailFrom.get(identity);
      return {
        IdentityType: isDomain ? "DOMAIN" : "EMAIL_ADDRESS",
        VerifiedForSendingStatus: true,
        VerificationStatus: "SUCCESS",
        DkimAttributes: { SigningEnabled: isDomain, Status: isDomain ? "SUCCESS" : "NOT_STARTED" },
        ...(mailFrom && { MailFromAttributes: { MailFromDomain: mailFrom, MailFromDomainStatus: "SUCCESS" } }),
      };
    },
    GetSuppressedDestination: ({ EmailAddress }) => {
      const { reason, since } = this.#listed(EmailAddress);
      return { SuppressedDestination: { EmailAddress, Reason: reason, LastUpdateTime: since.getTime() / 1000 } };
    },
    PutSuppressedDestination: ({ EmailAddress, Reason }) => {
      this.suppressed.set(String(EmailAddress), { reason: String(Reason), since: new Date() });
      return {};
    },
    DeleteSuppressedDestination: ({ EmailAddress }) => {
      this.#listed(EmailAddress);
      this.suppressed.delete(String(EmailAddress));
      return {};
    },
  };

  #listed(address: unknown): Suppressed {
    const found = this.suppressed.get(String(address));
    if (!found) throw notFound(`Email address ${address} does not exist on your suppression list.`);
    return found;
  }
}

const notFound = (message: string) => new ServiceError(404, "NotFoundException", message);
