# SPDX-License-Identifier: Apache-2.0
"""Orders: what was bought, by whom, for how much, and where it stands. Words: an order has lines (goods)
and price lines (what was paid for, and why); a number that people read out; a secret that opens its page
without a log-in. Promises: one key makes one order, however often it is sent; an order moves only along
its states, each move once and with a row of history; what is personal is sealed and leaves by this door
only; numbers of the receiver for customs leave by `receiving` alone, and are purged."""
