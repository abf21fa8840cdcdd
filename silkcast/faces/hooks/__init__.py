# SPDX-License-Identifier: Apache-2.0
"""Hooks: news from providers, carriers and customs. Signed or refused; kept first, worked through later."""
