import type { SourceDeclaration } from "../../functions/sources/declaration.ts";
import { sourceFormats } from "../../functions/sources/index.ts";
import type { CreateApi } from "./simulated-api.ts";

const fetched = Object.entries<SourceDeclaration>(sourceFormats).filter(([, { fetch }]) => fetch !== undefined);

/** Creates the API of each format whose records are fetched: each has a file of its name here. */
export const apiCreators: ReadonlyMap<string, CreateApi> = new Map(
  await Promise.all(
    fetched.map(async ([format]) => {
      const { createApi } = (await import(`./${format}.ts`)) as { readonly createApi: CreateApi };
      return [format, createApi] as const;
    }),
  ),
);
