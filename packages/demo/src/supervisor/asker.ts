import type { ServiceCalls } from './service-calls.ts';

/** With options it is answered by a button, without by words. */
const QUESTIONS: readonly object[] = [
  {
    message: 'Which cake for Friday?',
    description: 'The baker wants to know by noon.',
    options: [
      { value: 'carrot', title: 'Carrot' },
      { value: 'plum', title: 'Plum' },
      { value: 'both', title: 'One of each' },
    ],
  },
  { message: 'What shall the new meeting room be called?' },
  {
    message: 'Put version 2.4 online now?',
    description: 'All tests passed. It takes about a minute.',
    options: [
      { value: 'now', title: 'Now' },
      { value: 'tonight', title: 'Tonight' },
    ],
  },
];

const OPEN_FOR_S = 600;

/** Asks Ada and Ben one question after the other, whichever of them answers. */
export class Asker {
  readonly #calls: ServiceCalls;
  #count = 0;

  constructor(calls: ServiceCalls) {
    this.#calls = calls;
  }

  async ask(): Promise<void> {
    const question = QUESTIONS[this.#count % QUESTIONS.length];
    this.#count += 1;
    await this.#calls.call('POST', '/v1/questions', {
      to: ['user:ada', 'user:ben'],
      expiresInSeconds: OPEN_FOR_S,
      ...question,
    });
  }
}
