"""Keep the catalogues complete: what is missing, what is left over, what lost a placeholder.

    python scripts/translations.py --missing fabric     print the missing entries, ready to paste
    python scripts/translations.py --update fabric      write them into the catalogue, drop what is left over
    python scripts/translations.py --check [fabric …]   say what is wrong, exit 1 if anything is
    python scripts/translations.py --compile            make the .mo files

Each package under ``src/tejido`` owns ``locale/es/LC_MESSAGES/django.po``. Other languages may be partial.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

SOURCE = ROOT / "src" / "tejido"
COMPLETE = ("es",)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|(?<!\{)\{\w*(?:![rsa])?(?::[^{}]*)?\}(?!\})")
HEADER = {
    "Project-Id-Version": "Tejido",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "es",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}

Key = tuple[str, str, str]


def packages(source: Path = SOURCE) -> list[Path]:
    """Return the packages that may speak, in the order of their names."""
    return sorted(path for path in source.iterdir() if (path / "__init__.py").is_file())


def catalogue_path(package: Path, language: str = "es") -> Path:
    """Return where the catalogue of a package lies, whether or not it exists."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def _key(entry: polib.POEntry) -> Key:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def _wanted(package: Path) -> tuple[dict[Key, list[str]], list[str]]:
    """Return the keys that a package's source wants, with their files, and the calls that cannot be read."""
    from scripts.messages import messages_of  # compiling needs no Django

    found = messages_of(package)
    keys = {(message.context, message.singular, message.plural): files for message, files in found.places.items()}
    return keys, found.unreadable


def _load(path: Path) -> polib.POFile:
    if path.is_file():
        return polib.pofile(str(path), wrapwidth=100)
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = dict(HEADER)
    return catalogue


def placeholders(text: str) -> list[str]:
    """Return the placeholders of a message, sorted: ``%(name)s``, ``%s``, ``{name}``."""
    return sorted(PLACEHOLDER.findall(text.replace("%%", "")))


def _stub(key: Key, files: Iterable[str]) -> polib.POEntry:
    context, singular, plural = key
    entry = polib.POEntry(msgid=singular, msgid_plural=plural, msgctxt=context or None)
    entry.occurrences = [(name, "") for name in files]
    if plural:
        entry.msgstr_plural = {0: "", 1: ""}
    if re.search(r"%\(\w+\)[sd]|%[sd]", singular + plural):
        entry.flags = ["python-format"]
    elif placeholders(singular + plural):
        entry.flags = ["python-brace-format"]
    return entry


def missing(package: Path) -> list[polib.POEntry]:
    """Return an empty entry for each message of ``package`` that its Spanish catalogue does not translate."""
    wanted, _ = _wanted(package)
    done = {_key(entry) for entry in _load(catalogue_path(package)) if entry.translated()}
    return [_stub(key, wanted[key]) for key in sorted(wanted) if key not in done]


def update(package: Path) -> tuple[int, int]:
    """Write what is missing into the Spanish catalogue, drop what is left over; return how many of each."""
    wanted, _ = _wanted(package)
    path = catalogue_path(package)
    catalogue = _load(path)
    dropped = [entry for entry in catalogue if entry.obsolete or _key(entry) not in wanted]
    for entry in dropped:
        catalogue.remove(entry)
    present = {_key(entry): entry for entry in catalogue}
    for key, files in sorted(wanted.items()):
        if key in present:
            present[key].occurrences = [(name, "") for name in files]
        else:
            catalogue.append(_stub(key, files))
    if len(catalogue):
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))
    return sum(1 for entry in catalogue if not entry.translated()), len(dropped)


def _wrong_placeholders(entry: polib.POEntry) -> bool:
    if not entry.msgid_plural:
        return placeholders(entry.msgid) != placeholders(entry.msgstr)
    one, many = set(placeholders(entry.msgid)), set(placeholders(entry.msgid_plural))
    forms = [set(placeholders(entry.msgstr_plural[index])) for index in sorted(entry.msgstr_plural)]
    return forms[-1] != many or any(not one & many <= form <= one | many for form in forms)


def _faults_of_entry(entry: polib.POEntry, wanted: Mapping[Key, list[str]], must_be_complete: bool) -> Iterator[str]:
    text = repr(entry.msgid[:70])
    if entry.obsolete or _key(entry) not in wanted:
        yield f"left over: {text}"
    elif entry.fuzzy:
        yield f"fuzzy: {text}"
    elif not entry.translated():
        if must_be_complete:
            yield f"without translation: {text}"
    elif _wrong_placeholders(entry):
        yield f"other placeholders than the source: {text}"


def faults(package: Path) -> list[str]:
    """Return, a sentence each, what is wrong with the catalogues of ``package``; empty when all is well."""
    wanted, wrong = _wanted(package)
    present = {path.parts[-3] for path in package.glob("locale/*/LC_MESSAGES/django.po")}
    for language in sorted(present | ({*COMPLETE} if wanted else set())):
        seen: set[Key] = set()
        said: list[str] = []
        for entry in _load(catalogue_path(package, language)):
            if _key(entry) in seen:
                said.append(f"twice: {entry.msgid[:70]!r}")
            seen.add(_key(entry))
            said += _faults_of_entry(entry, wanted, language in COMPLETE)
        if language in COMPLETE:
            said += [
                f"missing: {key[1][:70]!r} ({', '.join(wanted[key])})" for key in sorted(wanted) if key not in seen
            ]
        wrong += [f"{package.name} [{language}] {sentence}" for sentence in said]
    return wrong


def quarrels(source: Path = SOURCE) -> list[str]:
    """Return messages that two packages translate differently: at run time one would win by chance."""
    said: dict[tuple[str, Key], dict[str, str]] = {}
    for path in sorted(source.glob("*/locale/*/LC_MESSAGES/django.po")):
        package, language = path.parts[-5], path.parts[-3]
        for entry in _load(path):
            if entry.translated() and not entry.obsolete:
                text = entry.msgstr or " / ".join(entry.msgstr_plural.values())
                said.setdefault((language, _key(entry)), {})[package] = text
    return [
        f"[{language}] {key[1][:70]!r} differs: "
        + "; ".join(f"{name}: {text[:70]!r}" for name, text in sorted(texts.items()))
        for (language, key), texts in sorted(said.items())
        if len(set(texts.values())) > 1
    ]


def compile_all(source: Path = SOURCE) -> int:
    """Make a .mo beside each .po; return how many."""
    paths = sorted(source.rglob("LC_MESSAGES/*.po"))
    for path in paths:
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    return len(paths)


def check(chosen: list[Path]) -> int:
    """Print what is wrong with the chosen packages; return the exit code."""
    wrong = [sentence for package in chosen for sentence in faults(package)] + quarrels()
    counted = sum(len(_wanted(package)[0]) for package in chosen)
    print("\n".join(wrong) or f"{counted} messages in {len(chosen)} packages: all translated.")
    return 1 if wrong else 0


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, do one thing, return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    names = [package.name for package in packages()]
    what.add_argument("--missing", metavar="PACKAGE", choices=names)
    what.add_argument("--update", metavar="PACKAGE", choices=names)
    what.add_argument("--check", metavar="PACKAGE", nargs="*")
    what.add_argument("--compile", action="store_true")
    given = parser.parse_args(arguments)
    if given.missing:
        print("\n".join(str(entry) for entry in missing(SOURCE / given.missing)), end="")
        return 0
    if given.update:
        untranslated, dropped = update(SOURCE / given.update)
        print(f"{given.update}: {untranslated} to translate, {dropped} left over and dropped.")
        return 0
    if given.compile:
        print(f"{compile_all()} catalogues compiled.")
        return 0
    return check([SOURCE / name for name in given.check or names])


if __name__ == "__main__":
    sys.exit(main())
