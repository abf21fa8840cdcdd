# SPDX-License-Identifier: Apache-2.0
"""The JSON API, version 1: for the programs of sellers, and for shop windows of others' making.

A *token* acts for one shop within its scopes; another shop's things are not found. Lists go by cursor
(`after` in, `next` out). What creates takes an `Idempotency-Key`: the same request again is answered alike.
Refusals are problem documents (RFC 9457) with a stable `code`. The document is at /api/openapi.json, and a
page of it at /api/docs.
"""
