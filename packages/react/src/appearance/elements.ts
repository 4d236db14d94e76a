/** The parts of the components that can be given classes of your own. */
export type ElementName = 'root' | 'bell' | 'bellIcon' | 'badge';
