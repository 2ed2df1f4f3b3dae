import { tokenInUse } from './connection.ts';

export type Report =
  | { readonly kind: 'none' }
  | { readonly kind: 'making'; readonly words: string; readonly share: number | null }
  | { readonly kind: 'there'; readonly address: string }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'refused'; readonly message: string };

const AGAIN_MS = 1_000;

/**
 * Has a comparison of the session's controllers made, and waits until it is there.
 *
 * The server answers a POST, and then each GET: 200 with the report's page, which is a document of its own; 202 while it
 * is made, with `{ message, done, of }` in JSON, the counts if they are known; else a refusal, with `{ message }`.
 */
export async function makeReport(
  session: string,
  seeds: number,
  ending: AbortSignal,
  tell: (report: Report) => void,
): Promise<void> {
  const { address, headers } = requestFor(session, seeds);
  tell({ kind: 'making', words: 'Asking the server …', share: null });
  try {
    let answer = await fetch(address, { method: 'POST', headers, signal: ending });
    while (answer.status === 202) {
      tell(progressOf(await answer.json().catch(() => null)));
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      answer = await fetch(address, { headers, signal: ending });
    }
    if (!answer.ok) {
      tell({ kind: 'refused', message: await refusalOf(answer) });
      return;
    }
    tell({ kind: 'there', address });
    window.open(address, '_blank', 'noopener');
  } catch (error) {
    if (ending.aborted) return;
    tell({ kind: 'refused', message: `The server could not be asked: ${(error as Error).message}` });
  }
}

/** Has the server stop making it, for everybody. `ending` belongs to the wait for it. */
export async function stopReport(
  session: string,
  seeds: number,
  ending: AbortController,
  tell: (report: Report) => void,
): Promise<void> {
  const { address, headers } = requestFor(session, seeds);
  try {
    const answer = await fetch(address, { method: 'DELETE', headers });
    // It may have been ready, or stopped by somebody else, in the meantime: then the wait for it ends by itself.
    if (answer.status === 404) return;
    ending.abort();
    tell(answer.ok ? { kind: 'stopped' } : { kind: 'refused', message: await refusalOf(answer) });
  } catch (error) {
    tell({ kind: 'refused', message: `The server could not be asked: ${(error as Error).message}` });
  }
}

function requestFor(session: string, seeds: number): { address: string; headers: Record<string, string> } {
  const path = `sessions/${encodeURIComponent(session)}/report?seeds=${seeds}`;
  const token = tokenInUse();
  return {
    address: new URL(path, document.baseURI).href,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  };
}

function progressOf(answer: unknown): Report {
  const { message, done, of } = (answer ?? {}) as { message?: unknown; done?: unknown; of?: unknown };
  const isCounted = typeof done === 'number' && typeof of === 'number' && of > 0;
  return {
    kind: 'making',
    words:
      typeof message === 'string'
        ? message
        : isCounted
          ? `${done} of ${of} runs are done.`
          : 'Runs are being done.',
    share: isCounted ? done / of : null,
  };
}

async function refusalOf(answer: Response): Promise<string> {
  const text = await answer.text().catch(() => '');
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // No JSON: the words below say what is known.
  }
  if (answer.status === 404 || answer.status === 405) {
    return 'This server does not make reports. On its machine, `greenwave compare` does.';
  }
  const isText = answer.headers.get('content-type')?.startsWith('text/plain') ?? false;
  return isText && text !== '' ? text : `The server refused, with status ${answer.status}.`;
}
