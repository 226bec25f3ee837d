"""What early warning is worth: on the Chilean list, and on invented histories whose truth is known.

Nodes are a party or movement in a rounded degree of latitude; a strike is one case (``group_id``) on one node on one
day, by the regime. Day 0 is 11 September 1973. Every forecaster predicts day by day from what came before; those with
weights fit them anew every 30 days. Score: log-likelihood per strike without the term common to all, in nats.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date

import numpy as np

from benchmarks import report
from tejido.analysis.frame_checks import Floats, Whole
from tejido.analysis.scoring import Comparison, calibration, diebold_mariano, poisson_crps, sample_crps
from tejido.analysis.simulate import simulate
from tejido.analysis.warning_forecast import forecast
from tejido.analysis.warning_model import Features, Influence, Settings, features, learn, shares
from tejido.analysis.warning_relations import Nodes, Relation, Strikes, everywhere, itself, shared
from tejido.analysis.warning_rolling import Rolled, gate, roll

PARTIES = {"MIR": "MIR", "ocialist": "PS", "ommunist": "PC", "MAPU": "MAPU", "FPMR": "FPMR"}
SPANS = ((120, 600), (120, 1500), (600, 1500))
BEGIN, END = 120, 1500
#: The figures to beat: score per strike on each span.
BEFORE = (-4.455, -4.928, -5.507)
#: The least rate of a node that rivals without a model are given, per day.
FLOOR = 1e-4


@dataclass(frozen=True)
class Chile:
    """The list as strikes on nodes, with the relations there are in it."""

    nodes: Nodes
    struck: Strikes
    relations: tuple[Relation, ...]

    def features(self, settings: Settings | None = None, until: int = END - 1) -> Features:
        """Return what was felt up to a day."""
        return features(self.nodes, self.struck, self.relations, first_day=0, until=until, settings=settings)


def chile() -> Chile:
    """Read the list that ships with the product."""
    found = set()
    file = next((report.ROOT / "src" / "tejido" / "demo" / "data").rglob("pinochet.csv"))
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            day, latitude = row["start_date_daily"], row["latitude_1"]
            if row["perpetrator_affiliation"] != "Regime" or day in ("NA", ""):
                continue
            detail = row["victim_affiliation_detail"]
            party = next(
                (code for part, code in PARTIES.items() if part in detail), "none" if detail == "NA" else "other"
            )
            degree = -999 if latitude in ("NA", "") else round(float(latitude))
            days = (date.fromisoformat(day) - date(1973, 9, 11)).days
            found.add((days, row["group_id"], party, degree))
    rows = sorted(found)
    pairs = sorted({row[2:] for row in rows})
    parties, degrees = (sorted({pair[part] for pair in pairs}) for part in (0, 1))
    nodes = Nodes(
        np.array([parties.index(party) for party, _ in pairs]), np.array([degrees.index(one) for _, one in pairs])
    )
    struck = Strikes(
        np.array([float(row[0]) for row in rows]), np.array([pairs.index(row[2:]) for row in rows]),
        np.arange(len(rows)), np.ones(len(rows)),
    )  # fmt: skip
    own = np.arange(len(pairs))
    relations = (
        itself(nodes), everywhere(nodes), shared("collective", nodes, own, nodes.actor, groups=len(parties)),
        shared("territory", nodes, own, nodes.territory, groups=len(degrees)),
    )  # fmt: skip
    return Chile(nodes, struck, relations)


def counts(world: Chile) -> Floats:
    """Return strikes by day (from 0) and node."""
    table = np.zeros((END, len(world.nodes)))
    kept = (world.struck.time >= 0) & (world.struck.time < END)
    np.add.at(table, (world.struck.time[kept].astype(int), world.struck.node[kept]), 1)
    return table


def plain(table: Floats, rate: Floats) -> Rolled:
    """Score rates by day and node that need no model."""
    rate = rate + FLOOR
    seen, expected = table[BEGIN:], rate[BEGIN:]
    return Rolled(
        BEGIN, expected.sum(axis=1), seen.sum(axis=1), (seen * np.log(expected) - expected).sum(axis=1), expected
    )


def rivals(world: Chile) -> dict[str, Rolled]:
    """Return the forecasters without relations."""
    table = counts(world)
    before = np.vstack([np.zeros(table.shape[1]), np.cumsum(table, axis=0)[:-1]])
    days = np.maximum(np.arange(END), 1)[:, None]
    told = {"constant rate": plain(table, before / days)}
    for lifetime in (30, 60, 120, 365):
        fade = np.exp(-1 / lifetime)
        rate = np.zeros_like(table)
        for day in range(1, END):
            rate[day] = fade * rate[day - 1] + (1 - fade) * table[day - 1]
        told[f"moving rate, {lifetime} days"] = plain(table, rate)
    lagged = np.vstack([np.zeros((30, table.shape[1])), before])[:END]
    told["persistence, 30 days"] = plain(table, (before - lagged) / np.minimum(days, 30))
    found = world.features()
    own = np.array([one.relation in ("constant", "itself") for one in found.influences])
    told["own past only"] = roll(found, begin=BEGIN, end=END, used=own)
    told["background only"] = roll(found, begin=BEGIN, end=END, used=found.background())
    return told


def worth() -> tuple[object, str]:
    """Return the rolling table, how sure the gain is, calibration, and how much hangs on the settings."""
    world = chile()
    full = roll(world.features(), begin=BEGIN, end=END)
    table = rivals(world)
    table["full model"] = full
    rows, found = [], {}
    for name, told in table.items():
        parts = [told.part(*span) for span in SPANS]
        found[name] = parts
        crps = poisson_crps(told.seen.astype(np.int64), told.expected).mean()
        sure = diebold_mariano(full.score, told.score)
        rows.append([
            name, *(f"{score:.3f} ({expected:.0f})" for score, expected, _ in parts), f"{crps:.3f}",
            "" if told is full else f"{sure.gain:+.3f} ± {sure.error:.3f}", "" if told is full else f"{sure.p:.1g}",
        ])  # fmt: skip
    seen = [f"days {a}–{b}: {full.part(a, b)[2]:.0f} seen" for a, b in SPANS]
    head = ["forecaster", *seen, "CRPS of a day", "full model gains per day", "p"]
    moving = [name for name in table if name.startswith("moving")]
    best = [max(moving, key=lambda name: found[name][at][0]) for at in range(len(SPANS))]
    verdict = gate(world.features(), begin=BEGIN)
    texts = [
        "Score per strike in nats, higher is better; in brackets the strikes expected. p: Diebold and Mariano, errors "
        "robust to days that resemble each other, one-sided.",
        report.table(head, rows),
        f"Best moving rate, chosen afterwards: {', '.join(best)}. Figures to beat: "
        + ", ".join(f"{one:.3f}" for one in BEFORE) + ". " + _beaten(found["full model"]),
        _verdict(verdict.by_relation),
        *_ahead(world),
        _hanging(world),
    ]  # fmt: skip
    return found, "\n\n".join(texts)


def _beaten(parts: list[tuple[float, float, float]]) -> str:
    better = all(part[0] > before for part, before in zip(parts, BEFORE, strict=True))
    near = all(abs(expected / seen - 1) <= 0.1 for _, expected, seen in parts)
    off = ", ".join(f"{expected / seen - 1:+.1%}" for _, expected, seen in parts)
    return (
        f"Better on all three spans: {'yes' if better else '**no**'}. "
        f"Expected within 10 % of seen: {'yes' if near else '**no**'} ({off})."
    )


def _verdict(by_relation: dict[str, Comparison]) -> str:
    rows = []
    for name, one in by_relation.items():
        word = "learned" if one.p < 0.05 else "not shown as learned"
        rows.append([name, f"{one.gain:+.4f} ± {one.error:.4f}", f"{one.p:.2g}", word])
    head = ["relation", "gain per day over the model without it", "p", "gate"]
    return "What each relation adds:\n\n" + report.table(head, rows)


def _ahead(world: Chile) -> list[str]:
    """Forecast 30 days at once, every 30 days, as a page does; return calibration and scores of the totals."""
    said, came, crps, expected, inside, many = [], [], [], 0.0, 0, 0
    totals = []
    table = counts(world)
    for day in range(BEGIN, END - 29, 30):
        learned = learn(world.features(until=day - 1))
        told = forecast(learned, days=30, runs=400, seed=day)
        seen = table[day : day + 30].sum(axis=0)
        said.append(told.chance)
        came.append(seen > 0)
        crps.append(sample_crps(float(seen.sum()), told.total))
        expected += float(told.expected.sum())
        totals.append(float(seen.sum()))
        low, high = np.percentile(told.total, [5, 95])
        inside += int(low <= seen.sum() <= high)
        many += 1
    rows = [
        [f"{one.said:.1%}", f"{one.came:.1%}", f"{one.low:.1%} to {one.high:.1%}", str(one.many)]
        for one in calibration(np.concatenate(said), np.concatenate(came), parts=10)
    ]
    head = ["said: struck within 30 days", "came", "interval", "predictions"]
    spread = np.abs(np.subtract.outer(totals, totals)).mean() / 2
    text = (
        f"Thirty days ahead at once, {many} times: {expected:.0f} expected, {sum(totals):.0f} seen; "
        f"the total was within the middle 90 in 100 of what was drawn {inside} times; "
        f"CRPS of the total {np.mean(crps):.2f} strikes "
        f"(of one who knows only how the totals are spread over all these months: {spread:.2f})."
    )
    return [text, report.table(head, rows)]


def _hanging(world: Chile) -> str:
    """Return how the scores change with what was chosen beforehand."""
    usual = Settings()
    tried = {"as documented": usual}
    for forget in (60.0, 90.0, 180.0, 365.0):
        tried[f"forgetting in {forget:.0f} days"] = Settings(forget=forget)
    for weight, share in ((5.0, 0.05), (20.0, 0.05), (10.0, 0.02), (1.0, 0.05)):
        tried[f"defaults of {share}, worth {weight:.0f} incidents"] = Settings(prior_weight=weight, prior_share=share)
    for lifetimes in ((3.0, 20.0, 60.0), (2.0, 10.0, 120.0), (7.0, 30.0, 120.0), (5.0, 60.0)):
        tried[f"lifetimes {', '.join(f'{one:.0f}' for one in lifetimes)}"] = Settings(lifetimes=lifetimes)
    rows = []
    for name, settings in tried.items():
        told = roll(world.features(settings), begin=BEGIN, end=END)
        rows.append(
            [name, *(f"{score:.3f} ({expected:.0f})" for score, expected, _ in (told.part(*span) for span in SPANS))]
        )
    text = "How much hangs on what was chosen beforehand (these data had been looked at when it was chosen):"
    return text + "\n\n" + report.table(["settings", *(f"days {a}–{b}" for a, b in SPANS)], rows)


TRUTH = {
    Influence("itself", 3.0): 0.15, Influence("itself", 20.0): 0.1,
    Influence("collective", 3.0): 0.2, Influence("collective", 20.0): 0.2,
}  # fmt: skip
DAYS = 1500


def gates(runs: int = 100) -> tuple[object, str]:
    """Return how often the gate opens on invented histories, and how often the intervals of shares hold the truth."""
    days = np.arange(DAYS)
    worlds: dict[str, tuple[Floats, dict[Influence, float]]] = {
        "Poisson, constant rate": (np.full(DAYS, 0.6), {}),
        "Poisson, moving rate (a wave of 500 days, 1 to 9)": (0.6 * (1 + 0.8 * np.sin(days * 2 * np.pi / 500)), {}),
        "Poisson, falling rate (1973 as it fell)": (0.15 + 4 * np.exp(-days / 150), {}),
        "relational": (np.full(DAYS, 0.25), TRUTH),
    }
    rows, found = [], {}
    for name, (rate, weights) in worlds.items():
        opened, held, tried = 0, 0, 0
        for seed in range(runs):
            made = _invented(rate, weights, seed)
            opened += gate(made, refit=60, each=False).open
            if weights:
                held, tried = held + _held(made), tried + 3
        found[name] = {"opened": opened, "runs": runs, "held": held, "tried": tried}
        rows.append([name, f"{opened} of {runs}", f"{held} of {tried}" if tried else ""])
    head = ["invented history", "the gate opened", "shares within their intervals (95 in 100)"]
    return found, report.table(head, rows)


def _circle() -> tuple[Nodes, tuple[Relation, ...]]:
    own: Whole = np.arange(60)
    nodes = Nodes(own, np.full(60, -1))
    return nodes, (itself(nodes), everywhere(nodes), shared("collective", nodes, own, own // 6, groups=10))


def _invented(rate: Floats, weights: dict[Influence, float], seed: int) -> Features:
    nodes, relations = _circle()
    struck = simulate(nodes, relations, weights, rate=rate, seed=seed)
    return features(nodes, struck, relations, first_day=0, until=len(rate) - 1)


def _held(made: Features) -> int:
    settings = Settings(forget=1e9, prior_weight=1.0)
    nodes, relations = _circle()
    whole = features(nodes, made.struck, relations, first_day=0, until=DAYS - 1, settings=settings)
    told = {one.part: one for one in shares(learn(whole))}
    truth = {"itself": 0.25, "collective": 0.4, "background": 0.35}
    return sum(told[part].low <= value <= told[part].high for part, value in truth.items())
