import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

/**
 * Makes a server's listener that never ends the process: what `serve` throws is the answer, 400 for a URL that cannot be
 * decoded and 500 for anything else.
 */
export const requestListener =
  (serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>): RequestListener =>
  (request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      const malformed = error instanceof URIError;
      const text = malformed ? "The URL is malformed: a % begins no character." : String(error);
      response.writeHead(malformed ? 400 : 500, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
    });
  };
