# SPDX-License-Identifier: Apache-2.0
"""Notices: messages to people, in their language.

A *letter* is what the post carries. Words lie in `words/`, one file a language, one table a kind. A notice is
queued in the transaction that caused it, once for each key, and sent by a job; who it goes to and what it
says are sealed.
"""
