import type { WriteContext } from '../context.ts';
import type { WatermarkRow } from '../schema.ts';

export async function deleteWatermarks({ db }: WriteContext, rows: readonly WatermarkRow[]): Promise<void> {
  for (const { log, person, mark, pattern, scope, n, shared_from } of rows) {
    await db
      .deleteFrom('watermarks')
      .where('log', '=', log)
      .where('person', '=', person)
      .where('mark', '=', mark)
      .where('pattern', '=', pattern)
      .where('scope', '=', scope)
      .where('n', '=', n)
      .where('shared_from', '=', shared_from)
      .execute();
  }
}
