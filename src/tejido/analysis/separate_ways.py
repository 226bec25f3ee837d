"""Ways through a fabric no two of which share anybody: how many there are, and who stands on the only one.

By Menger's theorem as many ways as the fewest whose loss cuts them all. They are found one after the other, each
along the shortest way that the others leave open or give up (Ford and Fulkerson 1956), from the far end, where few
are tied; the fewest whose loss parts a whole graph by fans onto those looked at before (Even 1975). Exact.

A graph is laid out by row: actor v is tied to ``ends[starts[v]:starts[v + 1]]``, both ways and each pair once.
"""

from __future__ import annotations

import heapq

import numpy as np

from tejido.analysis.compiling import compiled
from tejido.analysis.frame_checks import Whole, Yes

_Room = tuple[Whole, Whole, Whole, Whole, Whole]

#: Marks of an actor on no way, of one where a way begins or ends, and of one that a way does not pass after all.
_NONE, _END, _LEFT = -1, -2, -3


@compiled
def lay_out(low: Whole, high: Whole, many: int) -> tuple[Whole, Whole]:
    """Return ``starts`` and ``ends`` of pairs that are each given once, sorted by the lower end, then the higher."""
    starts, ends = np.zeros(many + 1, np.int64), np.empty(2 * len(low), np.int64)
    for place in range(len(low)):
        starts[low[place] + 1] += 1
        starts[high[place] + 1] += 1
    starts[:] = np.cumsum(starts)
    filled = starts.copy()
    for one, other in ((high, low), (low, high)):  # lower neighbours first, so that all ascend
        for place in range(len(low)):
            ends[filled[one[place]]] = other[place]
            filled[one[place]] += 1
    return starts, ends


@compiled
def part_sizes(starts: Whole, ends: Whole, barred: Yes) -> Whole:
    """Return how many stand in each part of those who are not ``barred``, with no tie from one part to another."""
    many = len(starts) - 1
    seen, queue = barred.copy(), np.empty(many, np.int64)
    sizes, parts = np.zeros(many, np.int64), 0
    for first in range(many):
        if seen[first]:
            continue
        seen[first], queue[0] = True, first
        at, last = 0, 1
        while at < last:
            one = queue[at]
            at += 1
            for other in ends[starts[one] : starts[one + 1]]:
                if not seen[other]:
                    seen[other], queue[last] = True, other
                    last += 1
        sizes[parts] = last
        parts += 1
    return sizes[:parts]


@compiled
def hops_from(starts: Whole, ends: Whole, first: Whole, barred: Yes, within: int) -> Whole:
    """Return how many ties each actor is from the nearest of ``first``, nobody ``barred``; -1 beyond ``within``."""
    hops = np.full(len(starts) - 1, -1, np.int64)
    queue = np.empty(len(starts) - 1, np.int64)
    last = 0
    for one in first:
        if hops[one] < 0 and not barred[one]:
            hops[one] = 0
            queue[last] = one
            last += 1
    at = 0
    while at < last:
        one = queue[at]
        at += 1
        if hops[one] == within:
            break
        for place in range(starts[one], starts[one + 1]):
            other = ends[place]
            if hops[other] < 0 and not barred[other]:
                hops[other] = hops[one] + 1
                queue[last] = other
                last += 1
    return hops


@compiled
def _room(many: int) -> _Room:
    """Return what ``_ways`` works in: who comes after and before each on its way; marks of one search; its queue.

    Rows of ``marks``: in which search each was entered and left, and from whom.
    """
    return (
        np.full(many, _NONE, np.int64),
        np.full(many, _NONE, np.int64),
        np.zeros((4, many), np.int64),
        np.empty(2 * many, np.int64),
        np.zeros(1, np.int64),
    )


@compiled
def _ways(starts: Whole, ends: Whole, first: Whole, goal: Yes, barred: Yes, most: int, room: _Room) -> int:
    """Return how many ways there are, at most ``most``, from ``first`` onto actors of ``goal``, where each ends.

    Nobody stands on two of them, nor anybody who is ``barred``. The ways are left in ``room``.
    """
    after, before, _, _, _ = room
    after[:] = _NONE
    before[:] = _NONE
    found = 0
    for one in first:  # ways of one or two are found at once; what they take, later ones can still get back
        if found < most and goal[one] and not barred[one] and before[one] == _NONE:
            after[one], before[one] = _END, _END
            found += 1
    for one in first:
        if found >= most:
            break
        if barred[one] or goal[one] or before[one] != _NONE:
            continue
        for place in range(starts[one], starts[one + 1]):
            other = ends[place]
            if goal[other] and not barred[other] and before[other] == _NONE:
                before[one], after[one], before[other], after[other] = _END, other, one, _END
                found += 1
                break
    while found < most:
        reached = _one_more(starts, ends, first, goal, barred, room)
        if reached < 0:
            break
        _lay(reached, room)
        found += 1
    return found


@compiled
def _one_more(starts: Whole, ends: Whole, first: Whole, goal: Yes, barred: Yes, room: _Room) -> int:
    """Look for one more way; return the actor where it ends, -1 when there is none.

    Each actor is entered and left apart: whoever stands on a way and is entered can only be gone back from, to the
    one before on that way, who then may go on elsewhere.
    """
    after, before, marks, queue, search = room
    search[0] += 1
    turn = search[0]
    entered, left, entered_from, left_from = marks[0], marks[1], marks[2], marks[3]
    last = 0
    for one in first:
        if barred[one] or before[one] == _END or entered[one] == turn:
            continue
        entered[one], entered_from[one] = turn, _END
        if before[one] == _NONE:
            if goal[one]:
                return int(one)
            left[one], left_from[one] = turn, _NONE
            queue[last] = one
            last += 1
        elif left[before[one]] != turn:
            left[before[one]], left_from[before[one]] = turn, one
            queue[last] = before[one]
            last += 1
    at = 0
    while at < last:
        one = queue[at]
        at += 1
        if before[one] != _NONE and entered[one] != turn:  # the way over it may be given up here
            entered[one], entered_from[one] = turn, _LEFT
            back = before[one]
            if back >= 0 and left[back] != turn:
                left[back], left_from[back] = turn, one
                queue[last] = back
                last += 1
        for place in range(starts[one], starts[one + 1]):
            other = ends[place]
            if barred[other] or entered[other] == turn or after[one] == other:
                continue
            entered[other], entered_from[other] = turn, one
            if before[other] == _NONE:
                if goal[other]:
                    return int(other)
                if left[other] != turn:
                    left[other], left_from[other] = turn, _NONE
                    queue[last] = other
                    last += 1
            elif before[other] >= 0 and left[before[other]] != turn:
                left[before[other]], left_from[before[other]] = turn, other
                queue[last] = before[other]
                last += 1
    return -1


@compiled
def _lay(reached: int, room: _Room) -> None:
    """Write down the way that was just found, from its end back to its beginning."""
    after, before, marks, _, _ = room
    entered_from, left_from = marks[2], marks[3]
    after[reached] = _END
    one = reached
    while True:  # ``one`` was entered
        came = entered_from[one]
        if came == _LEFT:
            after[one], before[one] = _NONE, _NONE
            one = left_from[one]
            continue
        before[one] = came
        if came == _END:
            return
        after[came] = one
        one = came if left_from[came] == _NONE else left_from[came]


@compiled
def _only_way(starts: Whole, ends: Whole, target: int, goal: Yes, barred: Yes, room: _Room, on_all: Whole) -> int:
    """Put into ``on_all`` who stands on every way from ``target``, the nearest first; return how many.

    The one way that was laid is walked: whoever on it is not passed by from what comes before cannot be done without.
    """
    after, before, marks, queue, search = room
    search[0] += 1
    turn = search[0]
    seen, place_on = marks[0], marks[2]
    for place in range(starts[target], starts[target + 1]):
        if before[ends[place]] == _END:
            one = ends[place]
    steps = 0
    while one != _END:
        steps += 1
        seen[one], place_on[one] = turn, steps
        queue[steps] = one
        one = after[one]
    farthest, found, last = 0, 0, steps + 1
    seen[target] = turn
    for step in range(steps + 1):
        if step and farthest == step:
            on_all[found] = queue[step]
            found += 1
        at = last
        queue[last] = target if step == 0 else queue[step]
        last += 1
        while at < last:
            one = queue[at]
            at += 1
            if one != target and goal[one]:
                farthest = steps + 1
                continue
            for place in range(starts[one], starts[one + 1]):
                other = ends[place]
                if barred[other]:
                    continue
                if seen[other] != turn:
                    seen[other], place_on[other] = turn, 0
                    queue[last] = other
                    last += 1
                elif other != target and place_on[other] > farthest:
                    farthest = place_on[other]
    return found


@compiled
def ways_to(starts: Whole, ends: Whole, targets: Whole, goal: Yes, barred: Yes) -> tuple[Whole, Whole, Whole]:
    """Return how many ways lead from each target onto actors of ``goal``, and who stands on the only one of each.

    Nobody but the target stands on two ways of it. The second answer holds those on the only ways, one target after
    the other, the nearest to it first; the third, where each target's begin in it.
    """
    many = len(starts) - 1
    room, shut = _room(many), barred.copy()
    ways, begin = np.zeros(len(targets), np.int64), np.zeros(len(targets) + 1, np.int64)
    on_all, held = np.empty(many, np.int64), np.empty(0, np.int64)
    for place in range(len(targets)):
        target = targets[place]
        shut[target] = True
        near = ends[starts[target] : starts[target + 1]]
        ways[place] = _ways(starts, ends, near, goal, shut, many, room)
        if ways[place] == 1:
            found = _only_way(starts, ends, target, goal, shut, room, on_all)
            held = np.concatenate((held, on_all[:found]))
        begin[place + 1] = len(held)
        shut[target] = barred[target]
    return ways, held, begin


@compiled
def ways_from_all(starts: Whole, ends: Whole, first: Whole, goal: Yes, barred: Yes) -> int:
    """Return how many ways that share nobody lead from any of ``first`` onto actors of ``goal``."""
    return _ways(starts, ends, first, goal, barred, len(first), _room(len(starts) - 1))


@compiled
def _best_known_first(starts: Whole, ends: Whole) -> Whole:
    """Return all actors, each time one of those tied to most of the ones before."""
    many = len(starts) - 1
    known, done = np.zeros(many, np.int64), np.zeros(many, np.bool_)
    order, filled = np.empty(many, np.int64), 0
    waiting = [(0, one) for one in range(many)]
    while len(waiting):
        count, one = heapq.heappop(waiting)
        if done[one] or -count != known[one]:
            continue
        done[one] = True
        order[filled] = one
        filled += 1
        for place in range(starts[one], starts[one + 1]):
            other = ends[place]
            if not done[other]:
                known[other] += 1
                heapq.heappush(waiting, (-known[other], other))
    return order


@compiled
def connectivity(starts: Whole, ends: Whole) -> int:
    """Return the fewest actors whose loss parts the others, or leaves one alone; 0 for one or none.

    It is at most the fewest ties of anybody. Of those that many come first, any two are asked for; whoever comes
    later, for a fan onto those before: where many of them are tied to it, that is seen at once.
    """
    many = len(starts) - 1
    if many < 2:
        return 0
    fewest = many - 1
    for one in range(many):
        fewest = min(fewest, starts[one + 1] - starts[one])
    order, room = _best_known_first(starts, ends), _room(many)
    barred, goal = np.zeros(many, np.bool_), np.zeros(many, np.bool_)
    for place in range(many):
        if fewest == 0:
            break
        one = order[place]
        if place < fewest:
            fewest = _with_each_before(starts, ends, order, place, fewest, room, barred, goal)
        barred[one] = True
        near = ends[starts[one] : starts[one + 1]]
        fewest = min(fewest, _fan(starts, ends, near, goal, barred, min(fewest, place), room, place))
        barred[one] = False
        goal[one] = True
    return fewest


@compiled
def _fan(starts: Whole, ends: Whole, near: Whole, goal: Yes, barred: Yes, enough: int, room: _Room, place: int) -> int:
    """Return whether ``enough`` ways lead from ``near`` onto ``goal``: how many they are, or a number no less."""
    known = 0
    for other in near:
        known += goal[other]
    if place == 0 or known >= enough:
        return len(starts)
    found = _ways(starts, ends, near, goal, barred, enough, room)
    return found if found < enough else len(starts)


@compiled
def _with_each_before(
    starts: Whole, ends: Whole, order: Whole, place: int, fewest: int, room: _Room, barred: Yes, goal: Yes
) -> int:
    """Return the fewest whose loss parts one from any before it that it is not tied to, ``fewest`` if no fewer."""
    one = order[place]
    near = ends[starts[one] : starts[one + 1]]
    wanted = np.zeros(len(goal), np.bool_)
    barred[one] = True
    for earlier in range(place):
        other = order[earlier]
        if np.any(near == other):
            continue
        theirs = ends[starts[other] : starts[other + 1]]
        wanted[theirs] = True
        barred[other] = True
        fewest = min(fewest, _ways(starts, ends, near, wanted, barred, fewest, room))
        barred[other] = False
        wanted[theirs] = False
    barred[one] = False
    return fewest
