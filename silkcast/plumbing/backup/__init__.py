# SPDX-License-Identifier: Apache-2.0
"""Backups: everything that cannot be made again, in one file, and back into an empty place.

The file is a tar: `manifest.json` first, then the vault's keys, then the database as pg_dump writes it, then
the folders. Whoever has it can open everything, so it may be sealed with a passphrase. Words: keepsake (a
folder that belongs in a backup), manifest (what made the file and what it needs).
"""
