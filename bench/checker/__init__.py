# SPDX-License-Identifier: Apache-2.0
"""The checker: does any serial order explain what buyers were told? In the manner of Jepsen.

It knows nothing of the house and imports nothing of it: only requests with the times they were sent and
answered, the answers, and the facts of each lane (`facts.Lane`): units, limit, line, and what came later. It
looks for an order of all claims in which

* each claim has the number it was told, from 1 without gaps; a lost answer may or may not have happened;
* a claim that was answered before another was sent comes before it;
* every outcome, `left` and place in line follows from what came before in that order;
* the same key was always told the same.

    violation = check(read("history.jsonl"), {("deal", "variant"): Lane(units=500, limit=1)})

`None` means that an order exists. A `Violation` says in one sentence why none does, with the requests.
`Undecided` is raised when lost answers and events of unknown place leave more orders than can be tried.
From a shell: `python -m bench.checker history.jsonl --units 500 --limit 1`.
"""

from bench.checker.facts import Event, Lane, Undecided, Violation
from bench.checker.history import Asked, read
from bench.checker.judging import check

__all__ = ["Asked", "Event", "Lane", "Undecided", "Violation", "check", "read"]
