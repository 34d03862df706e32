/**
 * Request handler settings of an AWS client that gives up on a service that does not answer. Without the last one the SDK
 * would only log a warning and go on waiting.
 * @param connectionTimeout milliseconds in which the connection has to be there
 * @param requestTimeout milliseconds in which the answer has to be there
 */
export const limits = (connectionTimeout: number, requestTimeout: number) => ({
  connectionTimeout,
  requestTimeout,
  throwOnRequestTimeout: true,
});
