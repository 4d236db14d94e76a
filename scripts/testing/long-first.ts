import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Contracts on real parts, from callers of a few lines each; and what starts processes, and waits for what befalls them. */
const LONG =
  /contract-tests\/test\/(faults|kills|race|slow-reader|hangups)|\/bus-|react\/test\/(inbox|workbench)\.|-several\.|-contract\.|\/http-|postgres|\/cli\/test\/|node-door|demo\/test\/(page|service|supervisor)|server\/test\/browser|-crash\.|storm/;

/**
 * What takes longest begins first, so that no worker is left with it alone at the end. In a checkout where no run has been
 * yet, vitest goes by the size of files, and the shortest of them have the most to do.
 */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => groupOf(a) - groupOf(b) || Number(isLong(b)) - Number(isLong(a)));
  }
}

function isLong({ moduleId }: TestSpecification): boolean {
  return LONG.test(moduleId);
}

/** Of those that need the machine for themselves and come after all others. */
function groupOf({ project }: TestSpecification): number {
  return project.config.sequence.groupOrder;
}
