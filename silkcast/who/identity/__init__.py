# SPDX-License-Identifier: Apache-2.0
"""Identity: who somebody is, and how they prove it.

A *user* is reached by e-mail or phone, both sealed at rest and found by their blind index. A *code* is six
digits, sent once to a contact, known or not, good for ten minutes and five tries (`codes.py`); a *newcomer*
gave the right one and has no account yet. A *passkey* is a key that a person's device keeps (`passkeys.py`).
A *session* is a browser that is logged in; a *token* is a program that acts for a user within *scopes*.
Secrets are kept as hashes: what can be shown again was never kept. *One tap* is an address and a way to pay
that somebody asked to have kept (`one_tap.py`).

A *manager* may change some things of one market (`managing.py`), as far as the operator allowed it.

Promises: the answer to a wrong log-in does not tell whether the person exists; a locked door opens again.
"""
