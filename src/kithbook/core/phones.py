"""Phone numbers: one normal form for all spellings of a number."""

from __future__ import annotations

import re
import unicodedata

_EXTENSION = re.compile(
    r"\s*(?:;\s*ext\s*=\s*|[,;]?\s*(?<![a-z])(?:extension|extn?|x|durchwahl)\.?\s*:?\s*)(\d{1,7})\s*\Z"
)
_FIGURES = re.compile(r"[+(\d][\d ()./-]*\Z", re.ASCII)
"""A number without words, and so without an extension: nearly all."""
_LETTER = re.compile("[a-z]")
_MAX = 60
_MIN_DIGITS = 7
# Countries where a number written with "+" and without a trunk zero is its own normal form: North America, and
# plans whose only national prefix is 0 or none. All others go through the library, which knows their exceptions.
_PLAIN = re.compile(
    r"\+(?:1[2-9]\d{2}[2-9]\d{6}|49[1-9]\d{6,10}|(?:31|4[3468]|61|64|91|353)[1-9]\d{6,9}"
    r"|(?:33|34|41|351)[1-9]\d{8}|4[57][1-9]\d{7}|32[1-9]\d{7,8}|81[1-9]\d{8,9})\Z"
)

_TRUNK = re.compile(r"\+(?:3[123]|4[136]|49|6[14]|81|353)0")
"""Countries that dial a zero inside the country and none from abroad; people write it in brackets."""


def normalise_phone(text: str, region: str = "") -> str:
    """The number in E.164, with ";ext=12" behind it where it has an extension; "" if it is no number.

    `region` is a country of ISO 3166 ("DE") for numbers written without "+" or "00". Without it such a number
    gives its digits only, if there are at least seven: enough to find the same spelling again. An extension is
    part of the result because people of one firm share the number before it.
    """
    text = (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip().lower()
    if not text or len(text) > _MAX:
        return ""
    if _FIGURES.match(text):
        return _main_number(text, region.upper())
    text = text.removeprefix("tel:")
    found = _EXTENSION.search(text)
    main = (text[: found.start()] if found else text).partition(";")[0]
    number = _main_number(main, region.upper())
    return f"{number};ext={found[1]}" if found and number else number


def _main_number(text: str, region: str) -> str:
    digits = "".join(filter(str.isdigit, text))
    if not digits.isascii():
        digits = "".join(str(unicodedata.digit(char)) for char in digits)
    if not digits:
        return ""
    plus = text.lstrip("( ").startswith("+")
    plain = _plain(text, digits if plus else digits[2:] if digits.startswith("00") and not region else "")
    if plain:
        return plain
    if plus:
        return _international(text, "") or (digits if len(digits) >= _MIN_DIGITS else "")
    if region:
        return _international(text, region) or (digits if len(digits) >= _MIN_DIGITS else "")
    if digits.startswith("00"):  # the commonest way to dial abroad; only believed where a real number follows
        number = _international("+" + digits[2:], "")
        if number:
            return number
    return digits if len(digits) >= _MIN_DIGITS else ""


def _plain(text: str, digits: str) -> str:
    """The normal form of an international number that needs no library to be sure of; "" for all others."""
    if not digits or _LETTER.search(text):
        return ""
    number = "+" + digits
    if "(0)" in text:
        number = number.replace("0", "", 1) if _TRUNK.match(number) and text.count("(0)") == 1 else ""
    return number if _PLAIN.match(number) else ""


def _international(text: str, region: str) -> str:
    # The library costs 90 ms to import, which every start of the command would pay.
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
