import { writeFile } from "node:fs/promises";
import { text, withDefault } from "../../command-line/options.ts";
import { type Command, UsageError } from "../../command-line/program.ts";
import { opened, type QueryPorts, sourceOptions } from "../command.ts";
import { reportPage } from "./page.ts";

const htmlFile = text("file", "a path that ends in .html", /^[^-].*\.html$/);
const reportOptions = { ...sourceOptions, out: withDefault("report.html", "The page.", htmlFile, "june.html") };

/** `npm run report`: a page with plots of leads and outcomes. */
export const reportCommand: Command<typeof reportOptions, QueryPorts> = {
  name: "npm run report --",
  summary: "Writes a page with plots of leads and outcomes. It holds no personal data, and opens without a network.",
  options: reportOptions,
  async run({ out, ...source }, ports) {
    const database = await opened(source, ports);
    const page = await reportPage(database, source).finally(database.close);
    await writeFile(out, page).catch(({ message }: Error) => {
      throw new UsageError(`error: the page cannot be written: ${message}.`);
    });
    ports.print(`The report is in ${out}.`);
    return 0;
  },
};
