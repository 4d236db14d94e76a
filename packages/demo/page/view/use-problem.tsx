import { type ReactNode, useState } from 'react';

interface Problem {
  /** Hears what failed in a panel; null when it is over. */
  tell: (error: Error | null) => void;
  /** Where the panel says so. */
  line: ReactNode;
}

export function useProblem(): Problem {
  const [error, tell] = useState<Error | null>(null);
  const line = error && (
    <p className="problem" role="alert">
      {error.message}
    </p>
  );
  return { tell, line };
}
