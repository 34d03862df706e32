/** Loaded with `--import` before a program: dev and state have account ids of their own then, as a team's have. */
import { registerHooks } from "node:module";

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const [, name] = /\/environments\/(dev|state)\.ts$/.exec(url) ?? [];
    const accountId = name === "dev" ? "210987654321" : "210987654322";
    return name ? { ...loaded, source: String(loaded.source).replaceAll(/\d{12}/g, accountId) } : loaded;
  },
});
