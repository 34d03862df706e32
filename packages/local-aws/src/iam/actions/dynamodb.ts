import {
  type ApiCall,
  nested,
  nestedList,
  optionalText,
  type Parameters,
  present,
  type Requirement,
  requirement,
  type Surroundings,
  text,
  UnmappedCallError,
  unmapped,
} from "../requirement.ts";

const WITH_KEY: Readonly<Record<string, "Key" | "Item">> = {
  GetItem: "Key",
  PutItem: "Item",
  UpdateItem: "Key",
  DeleteItem: "Key",
};

const TRANSACTED: Readonly<Record<string, string>> = {
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
};

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/api-permissions-reference.html */
export function dynamodb(call: ApiCall, surroundings: Surroundings): readonly Requirement[] {
  const { operation, parameters } = call;
  const keyParameter = WITH_KEY[operation];
  if (keyParameter) return [onItems(operation, parameters, [nested(parameters, keyParameter)], surroundings)];
  switch (operation) {
    case "Query":
    case "Scan": {
      const index = optionalText(call, "IndexName");
      const table = tableArn(text(call, "TableName"), surroundings);
      return [requirement(`dynamodb:${operation}`, index === undefined ? table : `${table}/index/${index}`)];
    }
    case "BatchGetItem":
    case "BatchWriteItem":
      return atLeastOne(operation, batch(operation, nested(parameters, "RequestItems"), surroundings));
    case "TransactGetItems":
    case "TransactWriteItems":
      return atLeastOne(operation, transaction(nestedList(parameters, "TransactItems"), surroundings));
    case "DescribeTable":
    case "DescribeTimeToLive":
      return [requirement(`dynamodb:${operation}`, tableArn(text(call, "TableName"), surroundings))];
    case "ListTables":
      return [requirement("dynamodb:ListTables", "*")];
    default:
      return unmapped("dynamodb", operation);
  }
}

function batch(operation: string, requestItems: Parameters, surroundings: Surroundings): Requirement[] {
  return Object.keys(requestItems).map((TableName) => {
    const keys =
      operation === "BatchGetItem"
        ? nestedList(nested(requestItems, TableName), "Keys")
        : nestedList(requestItems, TableName).map((write) => ({
            ...nested(nested(write, "PutRequest"), "Item"),
            ...nested(nested(write, "DeleteRequest"), "Key"),
          }));
    return onItems(operation, { TableName }, keys, surroundings);
  });
}

function transaction(items: readonly Parameters[], surroundings: Surroundings): Requirement[] {
  return items.flatMap((item) =>
    Object.keys(item).map((kind) => {
      const operation = TRANSACTED[kind] ?? unmapped("dynamodb", `a transaction's ${kind}`);
      const part = nested(item, kind);
      return onItems(operation, part, [{ ...nested(part, "Item"), ...nested(part, "Key") }], surroundings);
    }),
  );
}

function onItems(
  operation: string,
  parameters: Parameters,
  keys: readonly Parameters[],
  surroundings: Surroundings,
): Requirement {
  const tableName = text({ operation, parameters }, "TableName");
  const partitionKey = surroundings.partitionKeyOf(tableName);
  const leadingKeys = keys.flatMap((key) => {
    const [value] = partitionKey === undefined ? [] : Object.values(nested(key, partitionKey));
    return typeof value === "string" ? [value] : [];
  });
  const context = present({ "dynamodb:LeadingKeys": leadingKeys.length > 0 ? leadingKeys : undefined });
  return requirement(`dynamodb:${operation}`, tableArn(tableName, surroundings), context);
}

function atLeastOne(operation: string, requirements: readonly Requirement[]): readonly Requirement[] {
  if (requirements.length === 0) throw new UnmappedCallError(operation, "it names no table");
  return requirements;
}

function tableArn(name: string, { accountId, region }: Surroundings): string {
  return name.startsWith("arn:") ? name : `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;
}
