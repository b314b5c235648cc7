"""Whether a text is English, the one language the detectors know."""

import re
from functools import lru_cache
from typing import Any

# Of py3langid's 140 languages, those with a press that people collect; its small neighbours (Pidgin beside English,
# Aragonese beside Spanish) only draw off certainty.
NAMES = {
    "af": "Afrikaans", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali",
    "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish",
    "gl": "Galician", "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian",
    "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian",
    "kk": "Kazakh", "km": "Khmer", "kn": "Kannada", "ko": "Korean", "la": "Latin", "lt": "Lithuanian", "lv": "Latvian",
    "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay", "my": "Burmese",
    "ne": "Nepali", "nl": "Dutch", "no": "Norwegian", "pa": "Punjabi", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "si": "Sinhala", "sk": "Slovak", "sl": "Slovene", "sq": "Albanian",
    "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai", "tl": "Tagalog",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_NOT_LATIN = frozenset(
    "ar be bg bn el fa gu he hi hy ja ka kk km kn ko mk ml mn mr my ne pa ru si ta te th uk ur zh".split()  # noqa: SIM905
)
WORDS = 20  # shorter texts are not judged
SURE = 0.9  # probability below which the benefit of the doubt goes to English
_WINDOWS, _WINDOW = 5, 1200  # characters; a quotation or a list of names in one place cannot outvote the rest
# Together they make one word in seven of no other language.
_COMMONEST = frozenset(
    ["the", "of", "and", "to", "that", "is", "for", "with", "it", "was", "are", "be", "by", "this", "from", "have"]
)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def foreign_language(text: str) -> tuple[str, float] | None:
    """Return the code (a key of ``NAMES``) and probability of the language of ``text``, or None for English.

    None also for text of up to twenty words and for every doubt: most of five windows spread over the text have to be
    in another language with a probability of 0.9 or more.
    """
    sample = text if len(text) <= _WINDOWS * _WINDOW else text[: _WINDOW * 2]
    # Scripts without spaces: about two characters make a word.
    if len(sample.split()) + len(_UNSPACED.findall(sample)) / 2 <= WORDS:
        return None
    windows = _windows(text)
    doubtful = [window for window in windows if not _plainly_english(window)]
    if len(doubtful) * 2 <= len(windows):
        return None
    identifier = _identifier()
    votes = [(window, *identifier.classify(window)) for window in doubtful]
    foreign = [(code, float(sure)) for window, code, sure in votes if sure >= SURE and _plausible(code, window)]
    if len(foreign) * 2 <= len(windows):
        return None
    codes = [code for code, _ in foreign]
    code = max(sorted(set(codes)), key=codes.count)
    sure = [s for c, s in foreign if c == code]
    return code, sum(sure) / len(sure)


def _plainly_english(window: str) -> bool:
    """Whether one word in seven is among the commonest of English: then there is no need to load a classifier."""
    words = window.lower().split()
    return sum(word in _COMMONEST for word in words) >= 0.15 * len(words)


def _plausible(code: str, window: str) -> bool:
    """A sentence of Japanese outweighs a paragraph of English in the bytes it has to itself, but not in letters."""
    letters = [c for c in window if c.isalpha()]
    latin = sum(c.isascii() for c in letters)
    return code != "en" and not (code in _NOT_LATIN and latin * 2 > len(letters))


def _windows(text: str) -> list[str]:
    if len(text) <= _WINDOWS * _WINDOW:
        return [text]
    step = (len(text) - _WINDOW) // (_WINDOWS - 1)
    return [text[i * step : i * step + _WINDOW] for i in range(_WINDOWS)]


@lru_cache(maxsize=1)
def _identifier() -> Any:  # noqa: ANN401 - py3langid publishes no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    # An instance of our own: the library's is global, and restricting it would reach into other code.
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(NAMES))
    return identifier
