// How long a text is by X's weighted rule, once the server has cleaned it: as
// microblog/text/parse.py counts. Both are held to microblog/tests/lengths.json.

const LINK = 23;

// --- Cleaning: what is deleted counts nothing ---

const SEPARATORS = "\\u061C\\u200B\\u200E\\u200F\\u2060";
const UNSEEN = `[${SEPARATORS}\\u200C\\u200D]`;
const FLAG = "🏴[\\u{E0061}-\\u{E007A}]{3,6}\\u{E007F}";
const UNWANTED = new RegExp(
  `(${FLAG})|(?!\\n)[\\p{Cc}\\p{Cs}\\p{Co}\\p{Noncharacter_Code_Point}\\u00AD\\u034F\\u115F` +
    "\\u1160\\u17B4\\u17B5\\u180E\\u202A-\\u202E\\u2061-\\u206F\\u3164\\uFEFF\\uFFA0" +
    "\\uFFF0-\\uFFFB\\u{1D173}-\\u{1D17A}\\u{E0000}-\\u{E00FF}\\u{E01F0}-\\u{E0FFF}]",
  "gu",
);
const UNSEEN_RUN = new RegExp(`(${UNSEEN})${UNSEEN}+`, "gu");
const TOWER = new RegExp(`((?:${UNSEEN}?\\p{M}){4})(?:${UNSEEN}?\\p{M})+`, "gu");
const BLANK_LINES = new RegExp(`\\n(?:(?:${UNSEEN}|[^\\S\\n])*\\n){2,}`, "gu");
const GONE = /^\uFFFE+|\uFFFE+$/g;

function clean(text) {
  const kept = text
    .replace(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, "\n")
    .replaceAll("\t", " ")
    .replace(UNWANTED, (_, flag) => flag ?? "\uFFFE");
  const apart = (word) =>
    word.replace(GONE, "").replaceAll("\uFFFE", /[@＠#＃.:/]/.test(word) ? "\u2060" : "");
  const tidy = kept
    .replace(/\S+/g, apart)
    .replace(UNSEEN_RUN, "$1")
    .normalize("NFC")
    .replace(TOWER, "$1");
  return /[^\s\p{M}\p{Cf}\u2800]/u.test(tidy) ? tidy.replace(BLANK_LINES, "\n\n").trim() : "";
}

// --- Links: the longest host behind a scheme, or one in Latin letters that ends with a domain
// which exists; and what follows it ---

const LATIN = "A-Za-z0-9À-ÖØ-öø-ɏɓɔɖɗəɛɣɨɯɲʉʋʻ\\u0300-\\u036F\\u1E00-\\u1EFF";
const LETTER = "\\p{L}\\p{M}\\p{N}\\p{So}\\u200C\\u200D";
const label = (letters) => `[${letters}](?:[${letters}_-]{0,61}[${letters}])?\\.`;
const BEFORE = `(?<![A-Za-z0-9@＠$#＃\\uFEFF][${SEPARATORS}]?)`;
const SCHEME = new RegExp(`${BEFORE}https?://`, "giu");
const ANY_HOST = new RegExp(
  "(?:(?:[A-Za-z0-9][A-Za-z0-9_-]{0,62}(?<![_-])\\.){1,20}" +
    "[A-Za-z][A-Za-z0-9-]{1,62}(?<!-)(?![A-Za-z0-9-])|" +
    "localhost|[0-9]{1,3}(?:\\.[0-9]{1,3}){3})" +
    `(?![${SEPARATORS}]?(?:[\\p{L}\\p{N}_@+-]|\\.[\\p{L}\\p{N}_]))`,
  "yu",
);
const KNOWN_HOST = new RegExp(`(?:${label(LETTER)}){1,21}`, "yu");
const BARE_HOST = new RegExp(`${BEFORE}(?:${label(LATIN)}){1,21}`, "gu");
// Before what is then no host, unless it is one word with what is before that.
const RUNS_IN = new RegExp(`[-_./][${SEPARATORS}]?$`);
const ONE_WORD = new RegExp(`(?![A-Za-z0-9])[${LETTER}]-+$`, "u");

const HIRAGANA = "\\p{Script=Hiragana}";
const LETTERS = "(?![\\uFE00-\\uFE0F\\u20D0-\\u20FF])[\\p{L}\\p{Nd}\\p{M}]";
const WITHIN = "(?<=[\\p{L}\\p{M}])[·・\\u200C\\u200D](?=\\p{L})";
const WORD = `(?!${HIRAGANA})${LETTERS}|(?<![A-Za-z0-9])${HIRAGANA}|${WITHIN}`;
const ANY = `(?:[-+=_#/!*';:,.$%[\\]–~@|&]|${LETTERS}|${WITHIN})`;
const BRACKETS = `\\((?:${ANY}*\\)|${ANY}*\\(${ANY}*\\)${ANY}*\\))`;
const MORE = `(?:[!*';:,.$%[\\]–~@|&]*(?:[-+=_#/]|${WORD}|${BRACKETS}))`;
const QUERY = `\\?(?:[!?*'@();:+$%[\\].,~|]*(?:[-_&=#/]|${WORD}))+`;
const REST = new RegExp(
  `(?::[0-9]+)?(?:(?<path>/${MORE}*)(?:${QUERY})?|(?<fragment>#${MORE}+)|(?:${QUERY}))?`,
  "yu",
);
const SHORT = new RegExp(`https?://t\\.co/[A-Za-z0-9]{1,40}(?![A-Za-z0-9])(?:${QUERY})?`, "iyu");
const RUNS_ON = new RegExp(`^[${SEPARATORS}]?[A-Za-z0-9@+-]`);

let domains; // a set, once somebody needed it
const load = async () => {
  domains = (await import("./domains.js")).default;
};

const at = (pattern, text, start) => {
  pattern.lastIndex = start;
  return pattern.exec(text);
};

// Where the domain ends that begins at `start`; 0: none does.
function domainEnd(text, start) {
  const [found] = /^[\p{L}\p{M}\p{N}-]{0,63}/u.exec(text.slice(start, start + 63));
  if (/^xn--[-0-9a-z]/i.test(found)) return start + /^[-0-9a-z]*/i.exec(found)[0].length;
  for (let length = found.length; length > 1; length--) {
    if (
      domains?.has(found.slice(0, length).toLowerCase()) &&
      !RUNS_ON.test(text.slice(start + length, start + length + 2))
    )
      return start + length;
  }
  return 0;
}

// Where the longest host ends whose labels, up to its last dot, begin at `start` and end at `end`;
// 0: there is none.
function hostEnd(text, start, end) {
  for (let dot = end; dot > start; dot = text.lastIndexOf(".", dot - 2) + 1) {
    const last = text.slice(text.lastIndexOf(".", dot - 2) + 1, dot);
    const found =
      last.includes("_") && text.lastIndexOf(".", dot - 2) >= start ? 0 : domainEnd(text, dot);
    if (found) return found;
  }
  return 0;
}

function* withScheme(text) {
  for (const { index, 0: scheme } of text.matchAll(SCHEME)) {
    const start = index + scheme.length;
    const labels = at(ANY_HOST, text, start) ? null : at(KNOWN_HOST, text, start);
    const end = labels
      ? hostEnd(text, start, start + labels[0].length)
      : at(ANY_HOST, text, start) && ANY_HOST.lastIndex;
    if (!end) continue;
    const short = at(SHORT, text, index);
    if (!short && /^https?:\/\/t\.co\/[A-Za-z0-9]/i.test(text.slice(index, end + 2))) continue;
    yield [index, short ? index + short[0].length : end + at(REST, text, end)[0].length];
  }
}

function* withoutScheme(text) {
  let past = 0; // what stands in an address is none, and is not read again
  for (const { index, 0: labels } of text.matchAll(BARE_HOST)) {
    if (index < past) continue;
    const before = text.slice(Math.max(0, index - 63), index);
    const end =
      (!RUNS_IN.test(before) || ONE_WORD.test(before)) &&
      hostEnd(text, index, index + labels.length);
    if (!end) continue;
    const { 0: rest, groups } = at(REST, text, end);
    past = end + (groups.path || groups.fragment ? rest.length : 0);
    yield [index, past];
  }
}

// What runs on from a tag is a part of it, and no link.
const TAG_SIGN = "\\p{Nd}_\\u200C\\u200D\\uA67E\\u05BE\\u05F3\\u05F4～〜゛゜゠・〃\\u0F0B\\u0F0C·";
const TAG = new RegExp(
  `(?:(?<![\\p{L}\\p{M}${TAG_SIGN}&][${SEPARATORS}]?)|(?<=[\\uFE0E\\uFE0F][${SEPARATORS}]?))` +
    `[#＃](?![\\uFE0F\\u20E3])` +
    `[${TAG_SIGN}]*[\\p{L}\\p{M}][\\p{L}\\p{M}${TAG_SIGN}]*` +
    `(?![\\p{L}\\p{M}${TAG_SIGN}]|[${SEPARATORS}]?(?:[#＃]|://))`,
  "gu",
);

function* tags(text) {
  for (const { index, 0: tag } of text.matchAll(TAG))
    if ([...tag].length <= 101) yield [index, index + tag.length, "tag"];
}

// The text without its links, each of them one character, and how many there are.
function withoutLinks(text) {
  const parts = [];
  let [end, many] = [0, 0];
  for (const [from, to, tag] of [...withScheme(text), ...withoutScheme(text), ...tags(text)].sort(
    (a, b) => a[0] - b[0],
  )) {
    if (from < end) continue;
    parts.push(text.slice(end, from), tag ? text.slice(from, to) : "\0");
    end = to;
    many += tag ? 0 : 1;
  }
  return [parts.join("") + text.slice(end), many];
}

// --- Weighing: an emoji counts 2, a character of a heavy script 2, any other 1 ---

const PICTURE =
  "\\p{Extended_Pictographic}(?:\\uFE0F|(?<=\\p{Emoji_Modifier_Base})\\p{Emoji_Modifier})?";
const EMOJI = new RegExp(
  `\\p{Regional_Indicator}{2}|[0-9#*]\\uFE0F?\\u20E3|${FLAG}|${PICTURE}(?:\\u200D${PICTURE}){0,3}`,
  "gu",
);
const PLAIN_SYMBOLS = "©®™〰〽㊗㊙"; // pictures only when a variation selector says so
// biome-ignore lint/suspicious/noControlCharactersInRegex: X's rule begins with them
const LIGHT = /[\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]/;

function weight(text) {
  let emoji = 0;
  const rest = text.replace(EMOJI, (found) => {
    if (PLAIN_SYMBOLS.includes(found)) return found;
    emoji += 1;
    return "";
  });
  return [...rest].reduce((sum, character) => sum + (LIGHT.test(character) ? 1 : 2), 2 * emoji);
}

// The length of `text`. Which domains exist is loaded when a text first may name one; `again` is
// called then, for it may be another.
export function length(text, again = () => {}) {
  const cleaned = clean(text);
  if (!domains && /\.[\p{L}\p{M}]/u.test(cleaned)) load().then(again, () => {});
  const [words, links] = withoutLinks(cleaned);
  return weight(words) + (LINK - 1) * links;
}
