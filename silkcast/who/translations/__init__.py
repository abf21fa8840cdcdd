# SPDX-License-Identifier: Apache-2.0
"""Translations: what an engine made of a text, kept; and the words it must put in a certain way.

A *term* of the glossary says how one word is put in another language, for a shop or for the whole house; a
shop's own wins. The *memory* keeps what was translated by a keyed digest of languages, text, engine and the
terms that apply, so that a changed glossary asks anew. It holds no originals, and forgets what nobody read
for ninety days: the chat of a show is people's speech. Engines are reached by the port, never in a
transaction (`flows/translating.py`).
"""
