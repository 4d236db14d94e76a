import {
  type Person,
  type Principal,
  requireAllTenants,
  requirePerson,
  requireService,
  requireWriter,
  type Scope,
  type Service,
} from '@belfry/core';

/** Who may make a call: checked before its body is read. `label` stands in the API's description. */
export interface Access<Allowed extends Principal> {
  label: string;
  check(principal: Principal): Allowed;
}

export const person: Access<Person> = { label: 'A signed-in person', check: requirePerson };

export const writer: Access<Person> = { label: 'A signed-in person who may write', check: requireWriter };

export function service(scope: Scope): Access<Service> {
  return { label: `An API key with the scope "${scope}"`, check: (principal) => requireService(principal, scope) };
}

/** For what reaches across tenants. */
export function serviceOfAllTenants(scope: Scope): Access<Service> {
  const { label, check } = service(scope);
  return {
    label: `${label} that is not bound to a tenant`,
    check: (principal) => requireAllTenants(check(principal)),
  };
}

/** Both kinds. A person must be allowed to write. */
export function serviceOrWriter(scope: Scope): Access<Principal> {
  return {
    label: `${service(scope).label}, or ${writer.label.toLowerCase()}`,
    check: (principal) => (principal.kind === 'person' ? requireWriter(principal) : requireService(principal, scope)),
  };
}

/** Both kinds, also a person who may only look. */
export function serviceOrPerson(scope: Scope): Access<Principal> {
  return {
    label: `${service(scope).label}, or ${person.label.toLowerCase()}`,
    check: (principal) => (principal.kind === 'person' ? principal : requireService(principal, scope)),
  };
}
