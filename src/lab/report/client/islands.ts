/** The JSON that stands in the page under `id`. */
export function readJson<T>(id: string): T {
  return JSON.parse(document.getElementById(id)!.textContent!) as T;
}

/** The same where it is compressed, in base64. */
export async function readPacked<T>(id: string): Promise<T> {
  const packed = atob(document.getElementById(id)!.textContent!);
  const bytes = Uint8Array.from(packed, (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).json() as T;
}
