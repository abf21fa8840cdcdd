# SPDX-License-Identifier: Apache-2.0
"""Payments: an order's money, in and back. Words: a payment is begun with a provider, settles or fails; what
the provider tells us is news; a refund sends back part of what was paid. Promises: our key is kept before
the provider is asked, so a lost answer is asked for again and never paid twice; the same news twice, late or
in another order ends in the same place; refunds never exceed what was paid."""
