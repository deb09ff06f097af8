"""Chinese names in pinyin → the same in Wade–Giles, the transcription of older works."""

import re
from collections.abc import Iterator

_INITIALS = {
    "b": "p", "d": "t", "g": "k", "j": "ch", "q": "ch", "zh": "ch", "z": "ts", "c": "ts",
    "r": "j", "x": "hs",
}  # fmt: skip
"""Initials that Wade–Giles writes otherwise, without the apostrophes that are often left out."""

_FINALS = {
    "ong": "ung", "ian": "ien", "ie": "ieh", "iong": "iung", "ue": "ueh", "er": "erh",
    "yan": "yen", "ye": "yeh", "yi": "i", "you": "yu", "yong": "yung", "yue": "yueh",
}  # fmt: skip

_SIBILANTS = {"zi": "tzu", "ci": "tzu", "si": "ssu"}
_RETROFLEX = {"zh", "ch", "sh", "r"}
_BACK = {"g", "k", "h"}

_SYLLABLE = re.compile(
    r"(?P<initial>zh|ch|sh|[bpmfdtnlgkhjqxrzcs])?"
    r"(?P<final>(?:y(?:uan|ang|ing|ong|ao|an|in|ou|ue|un|a|e|i|o|u)"
    r"|w(?:ang|eng|ai|an|ei|en|a|o|u)"
    r"|iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan"
    r"|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|a|e|i|o|u))"
)


def wade_giles(pinyin: str) -> str:
    """Give a name in Wade–Giles, without apostrophes: "Mao Tse-tung"; "" if it is no pinyin.

    So libraries wrote until 2000 (Library of Congress, Pinyin Conversion Project).
    """
    words = [_word(word.lower()) for word in re.split(r"[ -]+", pinyin.replace("ü", "u")) if word]
    return " ".join(words) if all(words) else ""


def _word(word: str) -> str:
    syllables = next(_divided(word, is_first=True), [])
    return "-".join(_syllable(*syllable) for syllable in syllables).capitalize()


def _divided(word: str, *, is_first: bool) -> Iterator[list[tuple[str, str]]]:
    """Divide a word into syllables, initial and final; longer ones first.

    Within a word a syllable that begins with a vowel has an apostrophe before it.
    """
    rest = word.lstrip("'’")
    if not rest:
        yield []
        return
    for end in range(len(rest), 0, -1):
        found = _SYLLABLE.fullmatch(rest, 0, end)
        if found and (is_first or rest != word or found[0][0] not in "aeo"):
            for others in _divided(rest[end:], is_first=False):
                yield [(found["initial"] or "", found["final"]), *others]


def _syllable(initial: str, final: str) -> str:
    if (whole := initial + final) in _SIBILANTS:
        return _SIBILANTS[whole]
    begin = _INITIALS.get(initial, initial)
    if initial in _RETROFLEX and final == "i":
        return f"{begin}ih"
    if initial in _BACK and final == "e":
        return f"{begin}o"
    if initial in _BACK - {"h"} and final == "ui":
        return f"{begin}uei"
    if final == "uo" and initial not in {*_BACK, "sh"}:
        return f"{begin}o"
    return begin + _FINALS.get(final, final)
