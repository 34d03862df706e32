/**
 * Does something while environment variables are set. They are set and taken back one by one: Node.js reads some of them, such as
 * TMPDIR and TZ, from the process and not from `process.env`, which must therefore stay the object that it is.
 */
export async function withVariables<Result>(
  variables: Readonly<Record<string, string>>,
  use: () => Promise<Result>,
): Promise<Result> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return await use();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
