# SPDX-License-Identifier: Apache-2.0
from litestar import Router
from litestar.di import Provide

from silkcast.faces.asking import operator_of

from . import books, declarations, failed, glossary, home, notices, orders, payments, rush, sellers

ROUTES = (
    Router(
        path="/desk",
        dependencies={"operator": Provide(operator_of)},
        route_handlers=[
            home.home,
            sellers.list_sellers,
            sellers.sellers_sheet,
            sellers.one_seller,
            sellers.suspend,
            sellers.reinstate,
            orders.list_orders,
            orders.orders_sheet,
            orders.one_order,
            orders.erase_buyer,
            declarations.list_declarations,
            declarations.one_declaration,
            declarations.message_text,
            declarations.send_again,
            payments.list_payments,
            payments.ask_now,
            payments.refund_again,
            payments.refund_sent,
            failed.list_failed,
            failed.retry_job,
            failed.drop_job,
            failed.retry_reaction,
            failed.drop_reaction,
            books.show_ledger,
            books.journal,
            books.show_audit,
            books.audit_sheet,
            books.show_promises,
            glossary.show_glossary,
            glossary.glossary_sheet,
            glossary.add_term,
            glossary.bring_terms,
            glossary.remove_term,
            notices.list_notices,
            notices.mailbox,
            rush.show_rush,
            rush.send_rush,
        ],
    ),
)
