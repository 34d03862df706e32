/** What Node and its fetch tell of an error of the network. */
interface NetworkError {
  readonly code?: unknown;
  /** The system's call that failed: `connect` and `getaddrinfo` come before anything is sent, `read` and `write` do not. */
  readonly syscall?: unknown;
  /** fetch wraps the network's error. */
  readonly cause?: unknown;
  /** One error for each address of a host. */
  readonly errors?: unknown;
}

/**
 * Whether an error of the network proves that the request never left this machine: the host has no address, or no connection
 * came about. The error's code alone proves nothing: `EHOSTUNREACH` can end an established connection too.
 */
export function wasNeverSent(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { code, syscall, cause, errors } = error as NetworkError;
  if (syscall === "connect" || syscall === "getaddrinfo" || code === "UND_ERR_CONNECT_TIMEOUT") return true;
  if (Array.isArray(errors) && errors.length > 0) return errors.every(wasNeverSent);
  return wasNeverSent(cause);
}
