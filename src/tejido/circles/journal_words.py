"""How the journal says each kind of thing that was done. Codes come from every slice; the words stand here."""

from __future__ import annotations

from django.utils.translation import gettext

from tejido.domain.words import N_
from tejido.vocabularies import readable

#: By the code of the action.
WORDS: dict[str, str] = {
    "act.add": N_("added an act to an incident"),
    "act.change": N_("corrected an act of an incident"),
    "act.remove": N_("took an act out of an incident"),
    "actor.change": N_("corrected a person or group"),
    "actor.record": N_("wrote down a person or group"),
    "actor.remove": N_("removed a person or group"),
    "assessment.change": N_("corrected what is said of a session"),
    "assessment.finish": N_("finished a session"),
    "assessment.open": N_("opened a session"),
    "assessment.plan": N_("took threats from a session into a plan"),
    "assessment.reopen": N_("opened a session again"),
    "assessment.row": N_("wrote down who gains or loses"),
    "assessment.row_remove": N_("took out who gains or loses"),
    "assessment.step": N_("wrote down what a session said"),
    "assessment.threat": N_("wrote down a threat that a session looked at"),
    "assessment.threat_remove": N_("took a threat out of a session"),
    "asset.record": N_("wrote down an asset of a territory"),
    "circle.change_passphrase": N_("changed the passphrase"),
    "circle.found": N_("founded the circle"),
    "consent.record": N_("wrote down a consent"),
    "consent.withdraw": N_("wrote down that a consent was withdrawn"),
    "decision.record": N_("wrote down a decision"),
    "decision.withdraw": N_("wrote down that a decision was withdrawn"),
    "draft.discard": N_("threw away a draft"),
    "draft.save": N_("left something half written"),
    "exchange.drop": N_("let a list go that was not brought in"),
    "exchange.export": N_("took data out"),
    "exchange.import": N_("brought in data"),
    "exchange.import_export": N_("brought in a circle's own data"),
    "exchange.mapping": N_("said how a list is read"),
    "exchange.undo": N_("took an import back"),
    "exchange.upload": N_("sent a list in"),
    "incident.change": N_("corrected an incident"),
    "incident.link": N_("linked two incidents"),
    "incident.record": N_("wrote down an incident"),
    "incident.remove": N_("removed an incident"),
    "incident.unlink": N_("took apart two linked incidents"),
    "justice.record": N_("wrote down a step of justice"),
    "justice.remove": N_("removed a step of justice"),
    "measure.add": N_("added a measure to a plan"),
    "measure.change": N_("corrected a measure"),
    "measure.practices": N_("wrote down the group's own practices"),
    "measure.reason": N_("gave the reason for a measure"),
    "measure.remove": N_("took a measure out of a plan"),
    "module.keep": N_("kept a module"),
    "module.remove": N_("took a module out"),
    "plan.adopt": N_("wrote down that a plan was adopted"),
    "plan.change": N_("corrected a plan"),
    "plan.close": N_("closed a plan"),
    "plan.review": N_("reviewed a plan"),
    "plan.start": N_("began a plan"),
    "presence.record": N_("wrote down who is in a territory"),
    "presence.remove": N_("removed who is in a territory"),
    "source.add": N_("added a source to an incident"),
    "source.remove": N_("took a source out of an incident"),
    "territory.change": N_("corrected a territory"),
    "territory.record": N_("wrote down a territory"),
    "territory.remove": N_("removed a territory"),
    "threat.change": N_("corrected a threat"),
    "threat.name": N_("named a threat"),
    "threat.remove": N_("removed a threat"),
    "tie.change": N_("corrected a tie"),
    "tie.end": N_("wrote down that a tie ended"),
    "tie.record": N_("wrote down a tie"),
    "tie.remove": N_("removed a tie"),
}


def words_for(action: str) -> str:
    """Return what an action of the journal is called in the language of the page; else its code, readable."""
    known = WORDS.get(action)
    return gettext(known) if known else readable(action.replace(".", " "))
