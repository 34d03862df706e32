import { type DynamoDBClient, paginateQuery } from "@aws-sdk/client-dynamodb";
import { emailAddresses } from "../functions/enrich/contact.ts";
import { phoneNumbers } from "../functions/enrich/phone.ts";
import { emailId, phoneId } from "../functions/lead/person.ts";
import { boundedText } from "../functions/lead/text.ts";
import type { IndexItem } from "../functions/lead-index/items.ts";
import { OpsError } from "./errors.ts";

/**
 * The ids under which the index knows the email addresses and phone numbers in a text, in whatever form they are written.
 * @param country of phone numbers without a country code
 * @throws OpsError NotAContact
 */
export function personIdsIn(text: string, country: string | undefined): string[] {
  const bounded = boundedText(text);
  const phones = phoneNumbers(bounded, country === undefined ? undefined : { country, named: false });
  const ids = [...emailAddresses(bounded).map(({ address }) => emailId(address)), ...phones.map(phoneId)];
  if (ids.length > 0) return ids;
  throw new OpsError(
    "NotAContact",
    "It is no email address and no phone number. Write a number with its country code.",
  );
}

/** Yields the items of a partition of the lead index, sorted: the leads of a person, or the outcomes of a lead. */
export async function* indexItemsOf(client: DynamoDBClient, table: string, id: string): AsyncGenerator<IndexItem> {
  const query = { KeyConditionExpression: "id = :id", ExpressionAttributeValues: { ":id": { S: id } } };
  for await (const { Items = [] } of paginateQuery({ client }, { TableName: table, ...query })) {
    for (const { entry, value } of Items) yield { id, entry: entry?.S ?? "", value: value?.S ?? "" };
  }
}
