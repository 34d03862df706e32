/** What to do about an error of AWS that says that there are no valid credentials; undefined for any other one. */
export const credentialsProblem = ({ name, message }: Error): string | undefined =>
  /Credentials|ExpiredToken|InvalidClientToken|UnrecognizedClient/i.test(`${name} ${message}`)
    ? `${message.replace(/\.?$/, ".")} Log in, for example with aws sso login, and choose credentials with AWS_PROFILE.`
    : undefined;
