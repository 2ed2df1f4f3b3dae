import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

export type Headers = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * The headers of all answers. The page runs its own files alone: no script, style or frame of anybody else, nothing made
 * up from text, no address but this server's. Pictures and workers that the page makes itself are blobs.
 */
export const headers: Headers = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      connectSrc: ["'self'"],
      workerSrc: ["'self'", 'blob:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  frameguard: { action: 'deny' },
  // For whoever stands before this server and speaks HTTPS to decide.
  strictTransportSecurity: false,
});
