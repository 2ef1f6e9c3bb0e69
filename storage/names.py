"""Names in the form in which they are compared: names that look the same to people are the same."""

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""The characters that Unicode calls default-ignorable: they show nothing, such as a zero-width space."""

_LOOK_ALIKES = str.maketrans(
    {
        **dict.fromkeys("`´‘’‚‛′ʹʻʼʽˈꞌ", "'"),
        **dict.fromkeys("“”„‟«»″ʺ", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣", "-"),
        "…": "...",
        "⁄": "/",
        "\u2800": " ",
    }
)
"""The apostrophes, quotation marks, and dashes that keyboards and word processors put in place of one another."""

_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)}


def normalize_name(name: str) -> str:
    """Return a name in the form in which names are compared.

    Case, spaces, apostrophes, quotation marks, dashes, and composed or decomposed accents make no difference, and
    characters that show nothing are left out. The accents themselves count: José is not Jose.
    """
    visible = _INVISIBLE.sub("", name).translate(_FULL_WIDTH)
    # Unicode's canonical caseless matching: decompose, fold the case, compose
    folded = unicodedata.normalize("NFD", visible).casefold().translate(_LOOK_ALIKES)
    return " ".join(unicodedata.normalize("NFC", folded).split())


def contains_words(text: str, words: str) -> bool:
    """Return whether each of these words occurs in a text, compared as names are."""
    folded = normalize_name(text)
    return all(word in folded for word in normalize_name(words).split())
