# SPDX-License-Identifier: Apache-2.0
"""What the sandbox counterparts share: programs of their own that play a carrier or customs.

A small HTTP application, a durable store in one SQLite file, callbacks that are signed and retried, and the
reading of that signature at our end. They know nothing of the house and keep their own truth.
"""
