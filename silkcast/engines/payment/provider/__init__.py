# SPDX-License-Identifier: Apache-2.0
"""The sandbox provider: a payment provider as a program of its own, complete and deterministic.

It holds charges, reservations and refunds, shows the buyer a card page and a bank's page, takes its fee,
tells what happened by signed webhooks, and makes on demand the faults that real providers make: news late,
doubled or out of order, answers lost, cards declined. No real card is taken and no money moves.

    python -m silkcast.engines.payment.provider --data DIR --port 8790 --key KEY \\
        --webhook http://127.0.0.1:8000/hooks/payment/sandbox --secret SECRET

Words: a charge is what a buyer is asked for; its token opens its page; an event is a piece of news; a
delivery is one sending of it.
"""
