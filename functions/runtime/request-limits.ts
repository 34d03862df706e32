/**
 * Request handler settings of an AWS client that gives up when a service does not answer. Without the last setting the SDK
 * would only log a warning and go on waiting.
 * @param connectionTimeout milliseconds for the connection
 * @param requestTimeout milliseconds for the answer
 */
export const limits = (connectionTimeout: number, requestTimeout: number) => ({
  connectionTimeout,
  requestTimeout,
  throwOnRequestTimeout: true,
});
