import { hash, randomBytes } from 'node:crypto';

/** A secret for a caller to keep: 256 random bits behind a prefix that secret scanners and people recognize. */
export function newSecret(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** What the store keeps of it. The secret has 256 bits, so a plain hash is as good as a slow one. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret);
}
