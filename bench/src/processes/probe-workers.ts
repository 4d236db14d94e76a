import type { Session } from 'node:inspector/promises';

interface Attached {
  sessionId: string;
  workerInfo: { workerId: string; title: string };
}

interface Reply {
  id: number;
  result: { profile?: unknown };
}

const START = ['Profiler.enable', 'Profiler.setSamplingInterval', 'Profiler.start'];

/** Profiles every worker thread beside the main one, and gives the function that stops it. */
export async function profileWorkers(session: Session): Promise<() => Promise<Record<string, unknown>>> {
  const workers = new Map<string, string>();
  session.on('NodeWorker.attachedToWorker', ({ params }) => {
    const { sessionId, workerInfo } = params as unknown as Attached;
    workers.set(sessionId, `${workerInfo.title} ${workerInfo.workerId}`);
  });
  await session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  for (const sessionId of workers.keys()) {
    for (const [id, method] of START.entries())
      await send(session, sessionId, { id, method, params: { interval: 500 } });
  }
  return async () => {
    const profiles: Record<string, unknown> = {};
    for (const [sessionId, name] of workers) {
      const { profile } = await send(session, sessionId, { id: START.length, method: 'Profiler.stop' });
      profiles[name] = profile;
    }
    await session.post('NodeWorker.disable');
    return profiles;
  };
}

function send(session: Session, sessionId: string, message: { id: number; method: string; params?: object }) {
  return new Promise<Reply['result']>((resolve) => {
    const answered = (event: { params: { sessionId: string; message: string } }) => {
      const reply = JSON.parse(event.params.message) as Reply;
      if (event.params.sessionId !== sessionId || reply.id !== message.id) return;
      session.off('NodeWorker.receivedMessageFromWorker', answered);
      resolve(reply.result);
    };
    session.on('NodeWorker.receivedMessageFromWorker', answered);
    void session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify(message) });
  });
}
