# SPDX-License-Identifier: Apache-2.0
"""Answers: what a request with an idempotency key was answered, so that the same one again is answered alike.

A *key* is the asker's own. The *fingerprint* is of what was asked: the same key for something else is
refused. The answer is written in the transaction that does the work, so either both are there or neither.
"""
