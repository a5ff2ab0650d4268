/** Errors of a connection that never came to be, so that nothing was sent. */
const NOT_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|ERR_(ACCESS|TLS|SSL)_|UNABLE_TO_)|CERT/;

/** Whether an error code of `node:net`, `node:dns` or `node:tls` says that no byte of a call left. */
export function isNotConnected(code: string): boolean {
  return NOT_CONNECTED.test(code);
}
