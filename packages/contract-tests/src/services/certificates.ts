import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findService, OPENSSL } from './programs.ts';

/** Files of what a server shows, and of the key to it. */
export interface Certificate {
  certFile: string;
  keyFile: string;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

/** An authority of its own for whoever calls: nobody knows it who was not given its file. */
export class Authority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'belfry-certificates-'));
  readonly #key = join(this.#folder, 'authority.key');
  /** What clients are given. */
  readonly file: string = join(this.#folder, 'authority.pem');
  #made = 0;

  constructor() {
    request(['-keyout', this.#key, '-out', this.file, '-subj', '/CN=An authority of tests']);
  }

  get text(): string {
    return readFileSync(this.file, 'utf8');
  }

  /** @param names for instance `IP:127.0.0.1`. */
  certificate(names: string): Certificate {
    const [certFile, keyFile] = ['pem', 'key'].map((end) => join(this.#folder, `${this.#made}.${end}`)) as [
      string,
      string,
    ];
    this.#made += 1;
    const signed = ['-CA', this.file, '-CAkey', this.#key];
    const about = ['-subj', '/CN=A server', '-addext', `subjectAltName=${names}`];
    request(['-keyout', keyFile, '-out', certFile, ...signed, ...about, '-addext', 'basicConstraints=CA:FALSE']);
    return { certFile, keyFile };
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

function request(args: readonly string[]): void {
  const program = findService(OPENSSL);
  if (program === undefined) throw new Error('There is no openssl program on this machine.');
  execFileSync(program, ['req', '-x509', ...NEW_KEY, ...args], { stdio: 'pipe' });
}
