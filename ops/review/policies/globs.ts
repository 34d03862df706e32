/**
 * Patterns of policies: `*` stands for any text, `?` for one character. A policy variable (`${…}`) is unknown text that is
 * the same in both patterns.
 */

/** Whether `wide` matches everything that `narrow` matches. It is false when that cannot be told. */
export function covers(wide: string, narrow: string): boolean {
  // Positions in `wide` that the part of `narrow` read so far can have reached. A star may match nothing.
  const reach = (positions: Iterable<number>) => {
    const reached = new Set(positions);
    for (const position of reached) if (wide[position] === "*") reached.add(position + 1);
    return reached;
  };
  let positions = reach([0]);
  for (const character of narrow) {
    positions = reach(
      [...positions].flatMap((position) => {
        if (wide[position] === "*") return [position];
        const isOne = wide[position] === "?" && !/[*${}]/.test(character);
        return isOne || wide[position] === character ? [position + 1] : [];
      }),
    );
  }
  return positions.has(wide.length);
}

/** Whether one text can match both patterns. It is true when that cannot be told. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [one, other].map((pattern) => pattern.replaceAll(/\$\{[^}]*\}/g, "*")) as [string, string];
  const ends = new Set([`${a.length},${b.length}`]);
  for (let i = a.length; i >= 0; i--) {
    for (let j = b.length; j >= 0; j--) {
      const skips = (a[i] === "*" && ends.has(`${i + 1},${j}`)) || (b[j] === "*" && ends.has(`${i},${j + 1}`));
      const steps = a[i] === b[j] || a[i] === "?" || b[j] === "?";
      const eats = a[i] === "*" ? ends.has(`${i},${j + 1}`) : b[j] === "*" && ends.has(`${i + 1},${j}`);
      if (skips || eats || (steps && ends.has(`${i + 1},${j + 1}`))) ends.add(`${i},${j}`);
    }
  }
  return ends.has("0,0");
}

/** As `covers`, but each of an ARN's six parts is compared by itself, as ArnLike and ArnEquals do. */
export function arnCovers(wide: string, narrow: string): boolean {
  const [expected, actual] = [wide, narrow].map((arn) => /^([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(arn));
  if (!expected || !actual) return wide === narrow;
  return expected.slice(1).every((part, index) => covers(part, actual[index + 1] ?? ""));
}
