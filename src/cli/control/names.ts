const FIRST =
  `able amber ample apt arid bold brave brief brisk broad calm civil clear clever cosy crisp curly deep dry
eager early easy even fair fast fine firm fleet fond frank free fresh full gentle glad grand great green happy hardy
humble jolly keen kind large late light lively loyal lucid lucky mellow merry mild neat nimble noble open plain polite
proud pure quick quiet rapid rare ready red ripe robust round royal rugged sharp silent sleek slim small smart smooth
snug sober soft solid spry stable steady stout strong sunny swift tall tame tidy tiny vivid warm wild wise witty young`
    .split(/\s+/);
const SECOND =
  `adder alpaca ant badger bat bear beaver bee bison boar bobcat camel carp cat civet cobra cod coot coyote
crab crane cricket crow cub deer dingo dog dove duck eagle eel egret elk emu falcon ferret finch flea fox frog gecko
goat goose grouse gull hare hawk heron hornet horse ibex ibis jackal jay kite koala lark lemur lion llama loon lynx
magpie marten mink mole moose moth mouse mule newt ocelot okapi orca otter owl panda perch pike plover pony puffin puma
quail rabbit ram raven robin rook salmon seal shark shrew shrike skunk sloth snail snipe sparrow squid stoat stork swan
tapir tern tiger toad trout viper vole weasel whale wolf wombat wren yak zebra`.split(/\s+/);

/** A name for a cluster, as `brisk-otter`; the same one for the same seed. */
export function nameOf(seed: string): string {
  const hash = fnv1a(seed);
  const first = FIRST[hash % FIRST.length] ?? "plain";
  const second = SECOND[Math.floor(hash / FIRST.length) % SECOND.length] ?? "otter";
  return `${first}-${second}`;
}

/** `name`, or with the first number behind it that makes it another than those `taken`. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name}-${number}`)) number++;
  return `${name}-${number}`;
}

/** 32 bits of `text`: Fowler, Noll and Vo's 1a. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}
