# SPDX-License-Identifier: Apache-2.0
"""Engines that translate: a phrasebook of our own, and two ways to speak to others over HTTP."""
