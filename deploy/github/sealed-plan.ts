import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { unzipSync, zipSync } from "fflate";
import { WorkflowError } from "./api.ts";

/** Files by their path. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** Lengths in bytes, of AES-256-GCM. */
const keyLength = 32;
const nonceLength = 12;
const tagLength = 16;

/**
 * Encrypts files: a plan can hold secrets, and artifacts can be downloaded by everybody who can read the repository. The bytes
 * are a nonce, the authentication tag and the encrypted zip.
 * @param key 32 bytes in base64
 * @param owner what the files belong to; they open for the same owner only
 * @throws WorkflowError Variable when the key is not 32 bytes
 */
export function seal(files: Files, key: string, owner: string): Uint8Array {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv("aes-256-gcm", keyOf(key), nonce).setAAD(Buffer.from(owner));
  const encrypted = Buffer.concat([cipher.update(zipSync({ ...files })), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]);
}

/**
 * Opens what `seal` made.
 * @throws WorkflowError SealedPlan when key or owner are others, or a byte has changed; Variable when the key is not 32 bytes
 */
export function open(sealed: Uint8Array, key: string, owner: string): Files {
  const nonce = sealed.subarray(0, nonceLength);
  const tag = sealed.subarray(nonceLength, nonceLength + tagLength);
  const encrypted = sealed.subarray(nonceLength + tagLength);
  const secret = keyOf(key);
  try {
    const decipher = createDecipheriv("aes-256-gcm", secret, nonce, { authTagLength: tagLength });
    decipher.setAAD(Buffer.from(owner)).setAuthTag(tag);
    return unzipSync(Buffer.concat([decipher.update(encrypted), decipher.final()]));
  } catch {
    const problem = `The plan of ${owner} cannot be decrypted: it was encrypted with another key, or it is not this plan.`;
    throw new WorkflowError("SealedPlan", `${problem} Both GitHub environments need the same LEADWIRE_PLAN_KEY.`);
  }
}

function keyOf(text: string): Buffer {
  const key = Buffer.from(text, "base64");
  if (key.length === keyLength) return key;
  const remedy = "Make one with openssl rand -base64 32, and give it to both GitHub environments as a secret.";
  throw new WorkflowError("Variable", `LEADWIRE_PLAN_KEY is not ${keyLength} bytes in base64. ${remedy}`);
}
