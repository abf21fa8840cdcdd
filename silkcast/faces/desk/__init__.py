# SPDX-License-Identifier: Apache-2.0
"""The operator's desk: all shops and orders, customs, what failed, the books, the log.

Only operators see it; for others there is no such page. Every act is written to the audit log in the
transaction that does it. Acts that need a reason keep it there.
"""
