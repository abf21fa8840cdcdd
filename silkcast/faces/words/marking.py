# SPDX-License-Identifier: Apache-2.0
"""Marking: a sentence that is written in one place and said in another, so that `make words` finds it."""

from silkcast.ground.language import N_ as N_
