import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { html } from "hono/html";
import { secureHeaders } from "hono/secure-headers";
import { LeadwireError } from "../../errors.ts";
import { type BrowserFile, bundlePages } from "./bundle.ts";
import type { ConsoleContext } from "./context.ts";
import { pages } from "./pages/index.ts";

/** The document of every page; what it shows is decided in the browser by its path. */
const document = (environment: string) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Leadwire ${environment}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/main.css">
<script type="module" src="/assets/main.js"></script>
</head>
<body data-environment="${environment}"></body>
</html>
`;

/** Nothing of a page comes from elsewhere. Plots set styles on their elements, and mails are shown in frames without scripts. */
const policy = {
  defaultSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", "data:"],
  frameAncestors: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
};

/** The console: the pages, their scripts and styles, and the pages' routes below `/api/NAME`. */
export function consoleApp(context: ConsoleContext): Hono {
  let bundled: Promise<ReadonlyMap<string, BrowserFile>> | undefined;
  const app = new Hono();
  // A route that gives a document of its own, such as a mail, sets a policy of its own.
  app.use(secureHeaders({ contentSecurityPolicy: policy, overwrite: false }));
  for (const page of pages) app.route(`/api/${page.name}`, page.routes(context));
  app.all("/api/*", (c) => c.json({ error: "There is no such address." }, 404));
  app.get("/assets/:name", async (c) => {
    bundled ??= bundlePages();
    const file = (await bundled).get(c.req.param("name"));
    return file ? c.body(new Uint8Array(file.contents), 200, { "content-type": file.type }) : c.notFound();
  });
  app.get("*", (c) => c.html(document(context.environment)));
  app.onError((error, c) => c.json({ error: error.message }, error instanceof LeadwireError ? 400 : 500));
  return app;
}

/** Answers requests of a Node server. */
export const consoleListener = (context: ConsoleContext) => getRequestListener(consoleApp(context).fetch);
