# SPDX-License-Identifier: Apache-2.0
"""Plumbing: database, outbox, jobs, wire, files, http, settings, log, vault. No word of trade in here."""
