/** Returns what to do if an error of AWS says that credentials are missing, invalid or expired. Undefined for other errors. */
export const credentialsProblem = ({ name, message }: Error): string | undefined =>
  /Credentials|ExpiredToken|InvalidClientToken|UnrecognizedClient/i.test(`${name} ${message}`)
    ? `${message.replace(/\.?$/, ".")} Log in, for example with aws sso login, and choose credentials with AWS_PROFILE.`
    : undefined;
