import { BelfryError } from '@belfry/protocol';
import type { Person, Principal, Scope, Service } from './principal.ts';

/** @throws BelfryError `forbidden` for services. */
export function requirePerson(principal: Principal): Person {
  if (principal.kind === 'person') return principal;
  throw new BelfryError('forbidden', 'This call is for signed-in people; an API key has no inbox of its own.');
}

/** @throws BelfryError `forbidden` for services, and for people who may only read. */
export function requireWriter(principal: Principal): Person {
  const person = requirePerson(principal);
  if (!person.readOnly) return person;
  throw new BelfryError('forbidden', 'This sign-in is read-only: it may look, and change nothing.');
}

/** @throws BelfryError `forbidden` for people, and for keys without the scope. */
export function requireService(principal: Principal, scope: Scope): Service {
  if (principal.kind !== 'service') {
    throw new BelfryError('forbidden', `This call needs an API key with the scope "${scope}", not a person's token.`);
  }
  if (principal.scopes.includes(scope)) return principal;
  throw new BelfryError('forbidden', `This API key lacks the scope "${scope}". Make one with it: belfry keys add.`);
}
