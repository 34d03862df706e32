import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";

/** A table as the stack makes it, called `ledger`, in a DynamoDB of its own on loopback. */
export async function ledgerTable(): Promise<{ readonly dynamo: DynamoDBClient; stop(): Promise<void> }> {
  const server: Server = dynalite({ createTableMs: 0 });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const dynamo = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  await dynamo.send(
    new CreateTableCommand({
      TableName: "ledger",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  return {
    dynamo,
    async stop() {
      dynamo.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Counts a client's calls by their command. */
export function counted(dynamo: DynamoDBClient) {
  const calls: string[] = [];
  const send = (command: CreateTableCommand) => {
    calls.push(command.constructor.name);
    return dynamo.send(command);
  };
  return { calls, dynamo: { send } as unknown as DynamoDBClient };
}

/** Whether parameters of a call to DynamoDB are those of a claim. */
export const isClaim = (parameters: object): boolean => JSON.stringify(parameters).includes('":state":{"S":"claimed"}');
