import type { Hono } from "hono";

/** The first snapshot of a live address. */
export async function firstSnapshot<T>(app: Pick<Hono, "request">, path: string): Promise<T> {
  const reader = (await app.request(path)).body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return JSON.parse(new TextDecoder().decode(value).replace(/^data: /, "")) as T;
}
