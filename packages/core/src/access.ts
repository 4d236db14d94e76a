import { BelfryError, type Channel, userChannel } from '@belfry/protocol';
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

/**
 * What reaches across tenants is for keys that do, whatever their scopes.
 *
 * @throws BelfryError `forbidden` for keys that are bound to a tenant.
 */
export function requireAllTenants(service: Service): Service {
  if (service.tenants === 'all') return service;
  throw new BelfryError(
    'forbidden',
    'This reaches across tenants, and the API key is bound to one. Use one that is not.',
  );
}

/**
 * A person asks services, and has no say in who else gets to see it.
 *
 * @throws BelfryError `forbidden`, naming the field.
 */
export function requireOwnQuestion(person: Person, to: readonly Channel[] | null, answerBy: unknown): void {
  const own = userChannel(person.user);
  if (to !== null && !(to.length > 0 && to.every((channel) => channel === own))) {
    throw new BelfryError('forbidden', `A person asks services only: leave to out, or make it ${own}.`, {
      field: 'to',
    });
  }
  if (answerBy !== 'person') return;
  throw new BelfryError('forbidden', 'A person asks services only: leave answerBy out, or make it "service".', {
    field: 'answerBy',
  });
}

/** A person may write to themselves and nobody else. @throws BelfryError `forbidden`, naming `to`. */
export function requireOwnChannel(person: Person, to: readonly Channel[] | null): void {
  const own = userChannel(person.user);
  if (to === null || (to.length > 0 && to.every((channel) => channel === own))) return;
  throw new BelfryError('forbidden', `A person may notify themselves only: leave to out, or make it ${own}.`, {
    field: 'to',
  });
}
