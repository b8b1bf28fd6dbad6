/**
 * A name as it may be shown to a person: control characters, bidirectional controls, zero-width and other invisible
 * characters become `\u{...}`, so that a hostile name can neither move the cursor nor look like another one.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`,
  );
}
