/** Wilson score interval of a share, 95 %: E. B. Wilson, JASA 22 (1927) 209-212. */
export function wilson(hits: number, of: number): readonly [low: number, high: number] {
  if (of === 0) return [0, 1];
  const z = 1.96;
  const share = hits / of;
  const centre = share + (z * z) / (2 * of);
  const spread = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
}

const percent = (share: number): string => (100 * share).toFixed(1);

/** `97.2 % (94.8-98.5) of 250`, or a dash where there is nothing to count. */
export function shown(hits: number, of: number): string {
  if (of === 0) return '-';
  const [low, high] = wilson(hits, of);
  return `${percent(hits / of)} % (${percent(low)}-${percent(high)}) of ${of}`;
}
