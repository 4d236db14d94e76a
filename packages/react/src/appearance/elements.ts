import type { QuestionElement } from '../questions/elements.ts';
import type { RunElement } from '../runs/elements.ts';

/** The parts of the components that can be given classes of your own. */
export type ElementName =
  | 'root'
  | 'bell'
  | 'bellIcon'
  | 'badge'
  | 'popover'
  | 'notifications'
  | 'header'
  | 'filter'
  | 'iconButton'
  | 'button'
  | 'tabs'
  | 'tab'
  | 'tabCount'
  | 'banner'
  | 'list'
  | 'listEnd'
  | 'day'
  | 'dayHeading'
  | 'item'
  | 'itemMedia'
  | 'itemContent'
  | 'itemTitle'
  | 'itemBody'
  | 'itemMeta'
  | 'itemActions'
  | 'itemTools'
  | 'time'
  | 'state'
  | 'skeleton'
  | 'undo'
  | 'hidden'
  | QuestionElement
  | RunElement;
