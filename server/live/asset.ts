import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

/** Something that is served as it is, held in memory, compressed once. */
export interface Asset {
  readonly type: string;
  readonly body: Buffer;
  /** `null` where that saves nothing. */
  readonly gzipped: Buffer | null;
  readonly etag: string;
  readonly cacheControl: string;
}

export const FOREVER = 'public, max-age=31536000, immutable';
export const ASK_EACH_TIME = 'no-cache';

const compress = promisify(gzip);

export async function assetOf(body: Buffer, type: string, cacheControl: string): Promise<Asset> {
  const gzipped = await compress(body, { level: constants.Z_BEST_COMPRESSION });
  return {
    type,
    body,
    gzipped: gzipped.length < 0.9 * body.length ? gzipped : null,
    etag: `W/"${hashOf(body)}"`,
    cacheControl,
  };
}

/** 32 hexadecimal digits by which a content is known. */
export function hashOf(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}

/** Answers a GET or HEAD request. */
export function sendAsset(request: IncomingMessage, response: ServerResponse, asset: Asset): void {
  response.setHeader('Cache-Control', asset.cacheControl);
  response.setHeader('ETag', asset.etag);
  response.setHeader('Vary', 'Accept-Encoding');
  if (isNamed(asset.etag, request.headers['if-none-match'])) {
    response.writeHead(304).end();
    return;
  }
  const zipped = takesGzip(request.headers['accept-encoding']) ? asset.gzipped : null;
  if (zipped !== null) response.setHeader('Content-Encoding', 'gzip');
  const body = zipped ?? asset.body;
  response.setHeader('Content-Type', asset.type);
  response.setHeader('Content-Length', body.length);
  response.writeHead(200).end(request.method === 'HEAD' ? undefined : body);
}

function isNamed(etag: string, header: string | undefined): boolean {
  if (header === undefined) return false;
  const opaque = etag.replace(/^W\//, '');
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === opaque || one.trim() === '*');
}

function takesGzip(header = ''): boolean {
  const gzipIn = (name: string) => header.split(',').find((one) => one.split(';')[0]!.trim() === name);
  const named = gzipIn('gzip') ?? gzipIn('*');
  return named !== undefined && !/;\s*q=0(\.0*)?\s*$/.test(named);
}
