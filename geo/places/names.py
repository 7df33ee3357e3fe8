"""Spellings of place names, made comparable. Pure: text in, text out.

Two keys, from strict to loose:

* `fold` drops what no reader would call a difference: case, accents, apostrophes, hyphens, articles
  (al-, ar-, el-, Эль-, ال, le, the) and the variants of Arabic letters. Equal folds are equal names.
* `family` keeps consonants alone and writes Cyrillic and Arabic in Latin letters, so that Deir ez-Zor,
  Dayr az Zawr, Дейр-эз-Зор and دير الزور share a key. Equal families may be equal names: context decides.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʿʾʻʼʽˈ′‛ˊ՚׳ߴߵ"))
_LETTERS = str.maketrans(
    {
        "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ə": "a", "ŋ": "n",
        # Cyrillic: Ukrainian and Belarusian letters beside Russian ones, signs without sound.
        "і": "и", "є": "е", "ґ": "г", "э": "е", "ъ": "", "ь": "", "ў": "у",
        # Arabic script: Persian, Urdu and Kurdish letters, ta marbuta, alif maqsura, hamza, kashida.
        "ة": "ه", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ى": "ي", "ی": "ي", "ې": "ي", "ٱ": "ا", "ء": "", "ـ": "",
        "ک": "ك", "گ": "ك", "پ": "ب", "چ": "ج", "ژ": "ز", "ڤ": "ف", "ڵ": "ل", "ڕ": "ر", "ۆ": "و",
    }
)  # fmt: skip
_ELISION = re.compile(r"(?<![^\W_])[dlDL]['’](?=\w)")
_WORD = re.compile(r"[^\W_]+")

_ARTICLE_WORDS = (
    "al|ar|as|ash|ach|ad|adh|at|ath|az|an|el|er|es|esh|ech|ed|et|ez|en|l|ul|the|le|la|les|de|du|des|d|of|"
    "ал|ар|ер|ас|ес|аш|еш|ад|ед|ат|ет|аз|ез|ан|ен|ел"
)
_ARTICLES = frozenset(_ARTICLE_WORDS.split("|"))
"""Words that carry no part of a name: Arabic articles as written in Latin and Cyrillic letters, French and
English ones, and the particles that join a class word to its name ("province of", "ville de")."""


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """`text` as words in lower case without accents, apostrophes, hyphens and articles, joined by one space.

    Articles go only where something else is left: "Al" alone stays "al". Empty when there is no letter or digit.
    """
    if "'" in text or "’" in text:
        text = _ELISION.sub("", text)
    text = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold().translate(_LETTERS)
    # Case-folding may compose anew (İ), and letters of styled alphabets have a case only once they are plain.
    text = unicodedata.normalize("NFKD", text).translate(_APOSTROPHES)
    text = "".join(c for c in text if not unicodedata.combining(c)).translate(_LETTERS)
    words = [_plain(word) for word in _WORD.findall(text)]
    kept = [word for word in words if word not in _ARTICLES]
    return " ".join(kept or words)


def _plain(word: str) -> str:
    if not word.isascii() and word.isdecimal():
        return "".join(str(unicodedata.decimal(c)) for c in word)
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "j", "з": "z", "и": "i", "к": "k",
        "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "h", "ц": "ts", "ч": "x", "ш": "x", "щ": "x", "ы": "i", "ю": "yu", "я": "ya",
    }
)  # fmt: skip
_ARABIC = str.maketrans(
    {
        "ا": "a", "ب": "b", "ت": "t", "ث": "t", "ج": "j", "ح": "h", "خ": "h", "د": "d", "ذ": "d", "ر": "r",
        "ز": "z", "س": "s", "ش": "x", "ص": "s", "ض": "d", "ط": "t", "ظ": "d", "ع": "a", "غ": "g", "ف": "f",
        "ق": "k", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "y",
    }
)  # fmt: skip
_ATTACHED = re.compile(r"^[ae](?=(zz|rr|ss|dd|tt|nn))")
_SOUNDS = (
    ("x", "ks"), ("tch", "x"), ("dzh", "j"), ("dj", "j"), ("sch", "x"), ("sh", "x"), ("ch", "x"), ("kh", "h"),
    ("gh", "g"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("q", "k"), ("c", "k"),
)  # fmt: skip
_MUTE = re.compile(r"(?<=[ae])h$|(?<=[iu]n)e$")
_VOWELS = re.compile(r"[aeiouyw]+")
_VOWEL_LETTERS = frozenset("aeiouyw")
_ENDS = {"a": "a", "e": "a", "i": "i", "y": "i", "o": "u", "u": "u", "w": "u"}
_GLIDE = re.compile(r"[iy][aeouw]")
_DOUBLE = re.compile(r"(.)\1+")


def family(text: str) -> str:
    """The consonants of `text` in Latin letters: one key for the ways of writing one Arabic or Slavic name.

    Vowels go, but a first one stays as "a", a y between vowels as "y" (Madaya is not Mayda), and the last one as
    "a" or "i" (Zabdin is not Zabadani; Raqqa, Raqqah and Rakka are one). Empty for names of other scripts and for
    keys of fewer than two letters, which would match anything.
    """
    words = []
    for word in fold(text).split():
        if word.isascii():
            word = _ATTACHED.sub("", word)
            for old, new in _SOUNDS:
                word = word.replace(old, new)
            word = _MUTE.sub("", word)
        else:
            arabic = script(word) == "ar"
            word = word.replace("дж", "ж").translate(_CYRILLIC).translate(_ARABIC)
            if not word.isascii():
                return ""
            if arabic and word.endswith("h"):
                word = word[:-1] + "a"
        words.append(word)
    # Arabic has no p and no v: it writes b and f.
    joined = _DOUBLE.sub(r"\1", "".join(words).replace("p", "b").replace("v", "f"))
    key = ("a" if joined[:1] in _VOWEL_LETTERS else "") + _VOWELS.sub(_vowel, joined)
    return key + _ENDS.get(joined[-1], "") if len(key) > 1 else ""


def _vowel(match: re.Match[str]) -> str:
    return "y" if match.start() > 0 and _GLIDE.search(match[0]) else ""


_DIPHTHONGS = ((re.compile("a[iy]|e[iy]|ee"), "e"), (re.compile("a[uw]|ao|o[uw]|oo|uw|w"), "u"), (re.compile("y"), "i"))
_AGREE = frozenset(("ae", "ea", "ei", "ie", "ou", "uo"))


def heard_alike(one: str, other: str) -> bool:
    """Whether two Latin spellings of one `family` may be the same Arabic or Slavic word by their vowels, too.

    a may be e, e may be i, o may be u, ay is ei and aw is ou; a vowel may be left out ("Daraa", "Dar'a"). Nowhere and
    Nehora share their consonants, but no scheme writes o for e: that is another word, or a slip.
    """
    return _agree(_slots(one), _slots(other))


def _slots(text: str) -> list[str]:
    """The vowel, or none, after each consonant; h is a vowel's length at the end of a syllable and no consonant."""
    words = [_ATTACHED.sub("", word) for word in fold(text).split()]
    joined = "".join(words)
    for old, new in _SOUNDS:
        joined = joined.replace(old, new)
    joined = re.sub(r"(?<=[aeiou])h(?![aeiou])", "", _DOUBLE.sub(r"\1", joined))
    for pattern, vowel in _DIPHTHONGS:
        joined = pattern.sub(vowel, joined)
    # Consonants stay beside the vowels: p is b in a family, but not from Latin to Latin letters.
    return [part[:1] for part in re.split(r"([^aeiou])", joined)]


def _agree(one: list[str], other: list[str]) -> bool:
    return len(one) == len(other) and all(
        a == b or not a or not b or a + b in _AGREE for a, b in zip(one, other, strict=True)
    )


_CASES = (
    ("ои", "а-"), ("ою", "а"), ("ом", "-"), ("ем", "-"), ("ов", "-"), ("еи", "я"), ("е", "а-"), ("и", "ая-"),
    ("ы", "а-"), ("у", "а-"), ("ю", "я-"), ("а", "-"), ("я", "-"),
)  # fmt: skip
"""Endings of a Russian case as `fold` leaves them (й is и, ь is gone), and what the nominative may end in."""


def nominatives(text: str) -> list[str]:
    """What a folded Russian name may be in the nominative: "ракке" → ракка, ракк. Empty for other scripts."""
    if script(text) != "ru":
        return []
    out = []
    for ending, others in _CASES:
        if text.endswith(ending) and len(text) - len(ending) >= 3:
            out += [text[: -len(ending)] + other.strip("-") for other in others]
    return list(dict.fromkeys(out))


def latin_letters(folded: str) -> str:
    """A folded name letter by letter in Latin; what is neither Cyrillic nor Arabic stays."""
    return folded.translate(_CYRILLIC).translate(_ARABIC)


_HEARD = str.maketrans({"y": "i", "e": "i", "w": "u", "o": "u", "p": "b", "v": "f"})


def heard_in_arabic(folded: str) -> str:
    """`latin_letters` with only the vowels and consonants that Arabic letters tell apart."""
    return latin_letters(folded).translate(_HEARD)


def script(text: str) -> str:
    """`ar`, `ru` or `und`: the script of the first letter, as the language it is most likely shown for."""
    for c in text:
        if c.isalpha():
            if "\u0600" <= c <= "\u06ff" or "\u0750" <= c <= "\u077f" or "\ufb50" <= c <= "\ufeff":
                return "ar"
            return "ru" if "\u0400" <= c <= "\u052f" else "und"
    return "und"
