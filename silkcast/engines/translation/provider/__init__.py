# SPDX-License-Identifier: Apache-2.0
"""A translation provider to try things against: it answers as DeepL and as a language model do.

It knows what the sandbox's phrasebook knows, and marks the rest.

It counts what it was asked, and has faults that are switched on: those of a provider (`silent`, `busy`,
`quota`) and those of a model whose head was turned (`obeys`, `cheaper`, `short`, `chatty`).
"""
