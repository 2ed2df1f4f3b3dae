import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Something that is served as it is, held in memory, compressed once. */
export interface Asset {
  readonly type: string;
  readonly body: Buffer;
  /** By name of the coding, the best first; none where that saves nothing. */
  readonly compressed: ReadonlyMap<string, Buffer>;
  readonly etag: string;
  readonly cacheControl: string;
}

export const FOREVER = 'public, max-age=31536000, immutable';
export const ASK_EACH_TIME = 'no-cache';

/** More takes ten times as long, for a twentieth less. */
const BROTLI_QUALITY = 9;
/** The map of a very large city, which a viewer waits for, is compressed faster. */
const LARGE_BYTES = 10_000_000;
const LARGE_QUALITY = 4;

const compressors = {
  br: (body: Buffer) => {
    const quality = body.length > LARGE_BYTES ? LARGE_QUALITY : BROTLI_QUALITY;
    const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
    return promisify(brotliCompress)(body, { params });
  },
  gzip: (body: Buffer) =>
    promisify(gzip)(body, {
      level: body.length > LARGE_BYTES ? LARGE_QUALITY : constants.Z_BEST_COMPRESSION,
    }),
};

export async function assetOf(body: Buffer, type: string, cacheControl: string): Promise<Asset> {
  const all = await Promise.all(
    Object.entries(compressors).map(async ([name, compress]) => [name, await compress(body)] as const),
  );
  return {
    type,
    body,
    compressed: new Map(all.filter(([, smaller]) => smaller.length < 0.9 * body.length)),
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
  const accepted = request.headers['accept-encoding'];
  const coding = [...asset.compressed.keys()].find((name) => takes(name, accepted));
  if (coding !== undefined) response.setHeader('Content-Encoding', coding);
  const body = coding === undefined ? asset.body : asset.compressed.get(coding)!;
  response.setHeader('Content-Type', asset.type);
  response.setHeader('Content-Length', body.length);
  response.writeHead(200).end(request.method === 'HEAD' ? undefined : body);
}

function isNamed(etag: string, header: string | undefined): boolean {
  if (header === undefined) return false;
  const opaque = etag.replace(/^W\//, '');
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === opaque || one.trim() === '*');
}

/** Whether an Accept-Encoding header allows a coding: by its own name, else by `*`. */
function takes(coding: string, header = ''): boolean {
  const find = (name: string) => header.split(',').find((one) => one.split(';')[0]!.trim() === name);
  const named = find(coding) ?? find('*');
  return named !== undefined && !/;\s*q=0(\.0*)?\s*$/.test(named);
}
