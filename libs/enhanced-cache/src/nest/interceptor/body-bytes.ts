/** `text` in UTF-8, in memory of its own: a Buffer out of Node's pool would keep 8 KB alive. */
export function bytesOfText(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

/** A copy of what `view` shows, in memory of its own. */
export function exactBytes(view: ArrayBufferView): Buffer {
  const bytes = Buffer.allocUnsafeSlow(view.byteLength);
  bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  return bytes;
}
