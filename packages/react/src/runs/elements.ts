/** The parts of a run and its log that can be given classes of your own. */
export type RunElement =
  | 'run'
  | 'runHead'
  | 'runTitle'
  | 'runStatus'
  | 'runBar'
  | 'runFacts'
  | 'runMessage'
  | 'runResult'
  | 'runArtifacts'
  | 'runButton'
  | 'log'
  | 'logBar'
  | 'logButton'
  | 'logLines'
  | 'logLine'
  | 'logFollow';
