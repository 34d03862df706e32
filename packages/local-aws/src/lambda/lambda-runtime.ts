/**
 * The inside of an execution environment: runs in a worker thread by Node's own type stripping, loads the handler as
 * Lambda's Node.js runtime does, and answers one invocation at a time.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import { guardNetwork } from "../loopback.ts";
import type { FromEnvironment, FunctionError, Invocation, WorkerData } from "./protocol.ts";

type Handler = (event: unknown, context: unknown) => unknown;

const { taskRoot, handler: handlerName, functionArn, compileCache } = workerData as WorkerData;
const port = parentPort;
if (!port) throw new Error("lambda-runtime.ts runs in a worker thread.");
const post = (message: FromEnvironment) => port.postMessage(message);
let requestId: string | undefined;

class InitError extends Error {
  readonly detail: FunctionError;

  constructor(errorType: string, errorMessage: string) {
    super(errorMessage);
    this.detail = { errorType, errorMessage, trace: [] };
  }
}

function described(error: unknown): FunctionError {
  if (error instanceof InitError) return error.detail;
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  const trace = error.stack?.split("\n") ?? [];
  return { errorType: error.name, errorMessage: error.message, trace };
}

/** Everything that the function prints becomes log lines, in step with its results. */
function captureOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
      post({
        type: "output",
        requestId,
        text: typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"),
      });
      const callback = rest.at(-1);
      if (typeof callback === "function") callback();
      return true;
    }) as typeof stream.write;
  }
}

/** Lambda writes console calls as JSON objects or as tab-separated text, by the function's log format. */
function patchConsole(): void {
  const levels = { log: "INFO", info: "INFO", debug: "DEBUG", trace: "TRACE", warn: "WARN", error: "ERROR" } as const;
  const json = process.env.AWS_LAMBDA_LOG_FORMAT === "JSON";
  for (const [method, level] of Object.entries(levels)) {
    console[method as keyof typeof levels] = (...args: unknown[]) => {
      const timestamp = new Date().toISOString();
      const message = args.length === 1 && json ? args[0] : format(...args);
      const line = json
        ? JSON.stringify({
            timestamp,
            level,
            requestId,
            message: message instanceof Error ? described(message) : message,
          })
        : `${timestamp}\t${requestId}\t${level}\t${message}`;
      process.stdout.write(`${line}\n`);
    };
  }
}

async function loadHandler(): Promise<Handler> {
  const dot = handlerName.lastIndexOf(".");
  const [file, name] = [handlerName.slice(0, dot), handlerName.slice(dot + 1)];
  const path = [".mjs", ".js", ".cjs"].map((extension) => join(taskRoot, file + extension)).find(existsSync);
  if (path === undefined) throw new InitError("Runtime.ImportModuleError", `Error: Cannot find module '${file}'`);
  let module: Record<string, unknown>;
  try {
    module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    const missing = (error as { code?: unknown }).code === "ERR_MODULE_NOT_FOUND";
    if (missing) throw new InitError("Runtime.ImportModuleError", String(error));
    if (error instanceof SyntaxError) throw new InitError("Runtime.UserCodeSyntaxError", String(error));
    throw error;
  }
  const handler = module[name];
  if (typeof handler !== "function") {
    throw new InitError("Runtime.HandlerNotFound", `${handlerName} is undefined or not exported`);
  }
  if (handler.length > 2) {
    throw new InitError("Runtime.CallbackHandlerDeprecated", "Callback-based handlers are no longer supported.");
  }
  return handler as Handler;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
const contextOf = (invocation: Invocation) => ({
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  invokedFunctionArn: functionArn,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  awsRequestId: invocation.requestId,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, invocation.deadline - Date.now()),
});

async function run(handler: Handler, invocation: Invocation): Promise<void> {
  requestId = invocation.requestId;
  process.env._X_AMZN_TRACE_ID = invocation.traceHeader;
  try {
    const result = await handler(JSON.parse(invocation.event), contextOf(invocation));
    const payload = JSON.stringify(result) ?? "null";
    post({ type: "result", requestId: invocation.requestId, payload });
  } catch (error) {
    post({ type: "failure", requestId: invocation.requestId, error: described(error) });
  }
}

if (process.env.NODE_COMPILE_CACHE === compileCache) delete process.env.NODE_COMPILE_CACHE;
guardNetwork();
captureOutput();
patchConsole();
try {
  const handler = await loadHandler();
  port.on("message", (invocation: Invocation) => void run(handler, invocation));
  post({ type: "ready" });
} catch (error) {
  post({ type: "initError", error: described(error) });
}
