"""Every sentence is translated, nothing is left over, and the check would notice."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest
from django.conf import settings

from scripts import translations
from scripts.messages import Found, Message, messages_in_python, messages_in_template, messages_of
from scripts.plain_text import untranslated
from tests.house.tree import SOURCE, run

PACKAGES = [package.name for package in translations.packages()]


@pytest.fixture
def speaking_package(tmp_path: Path) -> Path:
    """A small package that says three things, all of them translated."""
    package = tmp_path / "small"
    (package / "templates" / "small").mkdir(parents=True)
    (package / "__init__.py").write_text(
        "from django.utils.translation import gettext as _, ngettext\n"
        'greeting = _("Welcome, {name}")\n'
        'tally = ngettext("%(count)s act", "%(count)s acts", 2)\n'
    )
    (package / "templates" / "small" / "page.html").write_text('<h1>{% translate "Threats" %}</h1>\n')
    translations.update(package)
    catalogue = polib.pofile(str(translations.catalogue_path(package)))
    spanish = {"Welcome, {name}": "Le damos la bienvenida, {name}", "Threats": "Amenazas"}
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: "%(count)s acto", 1: "%(count)s actos"}
        else:
            entry.msgstr = spanish[entry.msgid]
    catalogue.save()
    return package


def change(package: Path, msgid: str, msgstr: str) -> None:
    """Rewrite one translation of a package."""
    catalogue = polib.pofile(str(translations.catalogue_path(package)))
    entry = catalogue.find(msgid)
    assert entry
    entry.msgstr = msgstr
    catalogue.save()


@pytest.mark.parametrize("name", PACKAGES)
def test_the_spanish_is_complete_in(name: str) -> None:
    assert translations.faults(SOURCE / name) == []


def test_there_is_much_to_translate() -> None:
    messages = [message for name in PACKAGES for message in messages_of(SOURCE / name).places]
    assert len(messages) > 100


def test_no_two_packages_translate_one_sentence_differently() -> None:
    assert translations.quarrels() == []


def test_django_loads_every_catalogue() -> None:
    """A catalogue is found when its package is an installed app or stands in ``LOCALE_PATHS``."""
    apps = {name.removeprefix("tejido.") for name in settings.INSTALLED_APPS if name.startswith("tejido.")}
    listed = {Path(path).parent.name for path in settings.LOCALE_PATHS}
    speaking = {path.parts[-5] for path in SOURCE.glob("*/locale/es/LC_MESSAGES/django.po")}
    assert speaking - apps - listed == set()


def test_a_complete_package_has_no_fault(speaking_package: Path) -> None:
    assert translations.faults(speaking_package) == []
    assert translations.missing(speaking_package) == []


def test_a_planted_sentence_without_translation_is_seen(speaking_package: Path) -> None:
    with (speaking_package / "__init__.py").open("a") as code:
        code.write('farewell = _("Until soon")\n')
    assert any("missing" in fault and "Until soon" in fault for fault in translations.faults(speaking_package))
    assert [entry.msgid for entry in translations.missing(speaking_package)] == ["Until soon"]


def test_an_empty_translation_is_seen(speaking_package: Path) -> None:
    change(speaking_package, "Threats", "")
    assert any("without translation" in fault for fault in translations.faults(speaking_package))


def test_a_lost_placeholder_is_seen(speaking_package: Path) -> None:
    change(speaking_package, "Welcome, {name}", "Le damos la bienvenida")
    assert any("placeholders" in fault for fault in translations.faults(speaking_package))


def test_a_translation_left_over_is_seen_and_dropped(speaking_package: Path) -> None:
    (speaking_package / "templates" / "small" / "page.html").write_text("<h1></h1>\n")
    assert any("left over" in fault for fault in translations.faults(speaking_package))
    assert translations.update(speaking_package) == (0, 1)
    assert translations.faults(speaking_package) == []


def test_a_fuzzy_translation_is_seen(speaking_package: Path) -> None:
    path = translations.catalogue_path(speaking_package)
    path.write_text(path.read_text().replace('msgid "Threats"', '#, fuzzy\nmsgid "Threats"'))
    assert any("fuzzy" in fault for fault in translations.faults(speaking_package))


def test_a_quarrel_between_two_packages_is_seen(speaking_package: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "locale" / "es" / "LC_MESSAGES" / "django.po"
    other.parent.mkdir(parents=True)
    other.write_text('msgid ""\nmsgstr "Language: es\\n"\n\nmsgid "Threats"\nmsgstr "Peligros"\n')
    assert translations.quarrels(speaking_package.parent)


def test_a_compiled_catalogue_speaks(speaking_package: Path) -> None:
    import gettext

    assert translations.compile_all(speaking_package) == 1
    with translations.catalogue_path(speaking_package).with_suffix(".mo").open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert words.gettext("Threats") == "Amenazas"
    assert words.ngettext("%(count)s act", "%(count)s acts", 2) == "%(count)s actos"


def test_what_is_computed_cannot_be_a_message() -> None:
    found = Found()
    messages_in_python('_(f"no {x}"); _("a %s" % 2); _("b" + c); _("{c}".format(c=1)); _(name)', "x.py", found)
    assert len(found.unreadable) == 4
    assert found.places == {}


def test_aliases_contexts_and_plurals_are_found() -> None:
    found = Found()
    messages_in_python(
        "from django.utils.translation import gettext_lazy as lazily\n"
        'lazily("A" if x else "B"); words.ngettext("{n} tie", "{n} ties", n); pgettext("verb", "Open")',
        "x.py",
        found,
    )
    assert set(found.places) == {
        Message("A"),
        Message("B"),
        Message("{n} tie", "{n} ties"),
        Message("Open", "", "verb"),
    }


def test_templates_say_what_django_will_look_up() -> None:
    found = Found()
    messages_in_template(
        '{{ x|default:_("none") }}{% blocktranslate count n=3 trimmed %}\n {{ n }} actor\n{% plural %}\n'
        ' {{ n }} actors\n{% endblocktranslate %}{% translate "It\'s 5%" context "share" %}',
        "x.html",
        found,
    )
    assert set(found.places) == {
        Message("none"),
        Message("%(n)s actor", "%(n)s actors"),
        Message("It's 5%%", "", "share"),
    }
    messages_in_template("{% blocktranslate %}\n two\n lines\n{% endblocktranslate %}", "y.html", found)
    assert found.unreadable


@pytest.mark.parametrize(
    ("source", "heard"),
    [
        ("<p>Welcome back</p>", ["Welcome back"]),
        ("<p>{% translate 'Welcome' %} · {{ name }}: 3</p>", []),
        ("{% blocktranslate trimmed %}Welcome {{ name }}{% endblocktranslate %}", []),
        ('<img alt="A map">', ["A map"]),
        ('<input type="submit" value="Save"><input name="word" value="kept">', ["Save"]),
        ('<b translate="no">Español</b><script>var nothing = "said";</script><code>make demo</code>', []),
        ("{# a note #}{% comment %}another{% endcomment %}<h1>Tejido</h1>&nbsp;", []),
        ("<a {% if current %}aria-current='page'{% endif %}>Threats</a>", ["Threats"]),
    ],
)
def test_text_in_one_language_is_heard(source: str, heard: list[str]) -> None:
    assert untranslated(source) == heard


def test_the_program_says_the_same() -> None:
    code, printed = run("python", "scripts/translations.py", "--check")
    assert code == 0, printed
    assert "all translated" in printed
