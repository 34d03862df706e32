/** Messages between the main thread and an execution environment's thread. */

export interface FunctionError {
  /** `Error`, `Runtime.ImportModuleError`, `Sandbox.Timedout`. */
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export interface Invocation {
  readonly requestId: string;
  /** The event as JSON. */
  readonly event: string;
  readonly deadline: number;
  readonly traceHeader: string;
}

export interface WorkerData {
  /** Folder with the unpacked zip. */
  readonly taskRoot: string;
  /** `file.export`, as the stack has it. */
  readonly handler: string;
  readonly functionArn: string;
  /** local-aws' own NODE_COMPILE_CACHE, which the function must not see. */
  readonly compileCache: string;
}

export type FromEnvironment =
  | { readonly type: "ready" }
  | { readonly type: "initError"; readonly error: FunctionError }
  | { readonly type: "result"; readonly requestId: string; readonly payload: string }
  | { readonly type: "failure"; readonly requestId: string; readonly error: FunctionError }
  | { readonly type: "output"; readonly requestId: string | undefined; readonly text: string };
