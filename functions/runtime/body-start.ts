/**
 * Reads the start of an answer's body: all of it, or more than `most` bytes of a longer one. The rest is not read, and the
 * connection ends.
 */
export async function bodyStart(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (bytes > most) break;
  }
  return Buffer.concat(chunks);
}
